"""Operations of the API: what a request is read into before a function sees it, and what is made of its answer.

A function states its operation once, by its signature: ``call`` is the request, ``query`` and ``body`` are models that
the request is read into, ``text`` is the body as it came, and every other parameter is one of the path. Its docstring
is the summary and the description of the operation in OpenAPI. Powertools' own validation is not used: it loads what
describes an API, which costs a cold start more than pydantic itself does (decision 0073).
"""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from inspect import Signature
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers import http
from functions.handlers.call import Needs, accept
from functions.handlers.models.base import Answer
from functions.handlers.models.jobs import Accepted
from functions.handlers.openapi_operation import describe
from functions.handlers.reading import read

# Bytes of a request's body.
LARGEST = 256 * 1024

Function = Callable[..., Any]


class Operation:
    """A function of the API as Powertools calls it: with the parameters of the path, in its way of escaping."""

    __name__: str

    def __init__(self, run: Function, router: APIGatewayHttpRouter, *, needs: Needs, largest: int) -> None:
        update_wrapper(self, run)
        self._run = run
        self._router = router
        self._needs: Needs = needs
        self._largest = largest
        self._parameters = run.__annotations__

    def __call__(self, **path: str) -> Response[str]:
        event, lambda_context = self._router.current_event.raw_event, self._router.lambda_context
        call = accept(event, lambda_context, needs=self._needs, largest=self._largest)
        arguments: dict[str, Any] = {name: unquote(value) for name, value in path.items()}
        if "query" in self._parameters:
            arguments["query"] = read(
                self._parameters["query"], call.parameters(self._parameters["query"].model_fields)
            )
        if "body" in self._parameters:
            arguments["body"] = read(self._parameters["body"], call.json())
        if "text" in self._parameters:
            arguments["text"] = call.text()
        answer = self._run(call, **arguments)
        status = 202 if isinstance(answer, Accepted) else 200
        return Response(status, body=_text(answer), headers={"content-type": "application/json", **http.UNCACHED})

    @property
    def __signature__(self) -> Signature:
        """The signature that Powertools describes the operation by."""
        from functions.handlers.signatures import signature

        return signature(self._run)


def _text(answer: Answer | Mapping[str, Any]) -> str:
    """The answer as JSON; a field that nobody gave a value is left out."""
    if isinstance(answer, Answer):
        return answer.model_dump_json(by_alias=True, exclude_unset=True)
    return http.text(answer)


def operation(
    router: APIGatewayHttpRouter,
    route: str,
    refuses: tuple[int, ...] = (),
    *,
    needs: Needs | None = None,
    largest: int = LARGEST,
) -> Callable[[Function], Function]:
    """Register a function as the operation of a route such as ``GET /api/profiles/<id>``.

    ``refuses`` are the statuses that it may answer beside 401, 403 and 503; a body has at most ``largest`` bytes. It
    ``needs`` the role of a token: unless it says another, a GET that of whoever reads, all else that of whoever
    publishes.
    """
    method, path = route.split(" ")
    role: Needs = needs or ("read" if method == "GET" else "publish")

    def register(run: Function) -> Function:
        described = describe(run, refuses, role)
        router.route(path, method, **described)(Operation(run, router, needs=role, largest=largest))
        return run

    return register
