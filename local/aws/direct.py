"""botocore's calls to moto without HTTP between them, which is nine tenths of what such a call costs.

The parameters go to moto's own action as its parser would give them, and its result comes back as botocore's parser
would read it. Whatever moto refuses, but for a condition that does not hold, is asked again the long way, which words
the error; a refusal changes nothing.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from botocore.client import BaseClient
from botocore.hooks import first_non_none_response
from botocore.model import ServiceId
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from moto.events.responses import EventsHandler
from moto.sesv2.responses import SESV2Response
from moto.sqs.responses import SQSResponse
from werkzeug.exceptions import HTTPException

from local.aws import items
from local.aws.item_forms import Form, form_of
from local.runtime.lambda_events import ACCOUNT, REGION

_ITEMS = (
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactWriteItems",
    "UpdateItem",
)
_ACTIONS: Mapping[tuple[str, str], type[BaseResponse]] = {
    **{("dynamodb", operation): DynamoHandler for operation in _ITEMS},
    ("events", "PutEvents"): EventsHandler,
    ("sesv2", "SendEmail"): SESV2Response,
    ("sqs", "SendMessageBatch"): SQSResponse,
}

Call = Callable[[BaseClient, str, dict[str, Any]], dict[str, Any]]
Parsed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What handlers of ``after-call`` are shown in place of an HTTP response."""

    status_code: int


def direct(through_http: Call) -> Call:
    """``BaseClient._make_api_call`` that goes straight to moto for the operations above."""

    forms: set[Form] = set()

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Parsed:
        handler = _ACTIONS.get((client.meta.service_model.service_name, operation))
        if handler is None:
            return through_http(client, operation, params)
        hooks = _Hooks(client, operation)
        built = hooks.before(params)
        try:
            parsed = _answer(_fitting(handler, operation, built, forms), 200)
        except ConditionalCheckFailed as refusal:
            parsed = _refusal(refusal)
        except (ServiceException, HTTPException):
            parsed = {}
        return hooks.after(parsed) if parsed else through_http(client, operation, params)

    return call


class _Hooks:
    """One call as those who listen to botocore's events hear of it."""

    def __init__(self, client: BaseClient, operation: str) -> None:
        self._client = client
        self._model = client.meta.service_model.operation_model(operation)
        self._provided, self._building, self._called = _events(self._model.service_model.service_id, operation)
        self._context: dict[str, Any] = {}

    def before(self, params: Parsed) -> Parsed:
        """The parameters as listeners want them."""
        heard = {"model": self._model, "context": self._context}
        response = self._client.meta.events.emit(self._provided, params=params, **heard)
        built: Parsed = first_non_none_response(response, default=params)
        self._client.meta.events.emit(self._building, params=built, **heard)
        return built

    def after(self, parsed: Parsed) -> Parsed:
        """The answer, or the error that the answer is."""
        answered = Answered(parsed["ResponseMetadata"]["HTTPStatusCode"])
        heard = {"http_response": answered, "parsed": parsed, "model": self._model, "context": self._context}
        self._client.meta.events.emit(self._called, **heard)
        if answered.status_code >= 300:
            # The stubs take the class of an error for an error.
            error: Any = self._client.exceptions.from_code(parsed["Error"]["Code"])
            raise error(parsed, self._model.name)
        return parsed


class _Names(NamedTuple):
    """The names of the moments before and after a call."""

    provided: str
    building: str
    called: str


@cache
def _events(service: ServiceId, operation: str) -> _Names:
    """What botocore calls the moments before and after a call; it makes the names anew each time."""
    whole = f"{service.hyphenize()}.{operation}"
    return _Names(f"provide-client-params.{whole}", f"before-parameter-build.{whole}", f"after-call.{whole}")


def _fitting(handler: type[BaseResponse], operation: str, params: Parsed, forms: set[Form]) -> Parsed:
    """The short way for a form that moto has seen; moto's own action for all others."""
    form = form_of(operation, params) if handler is DynamoHandler else None
    if (
        form in forms
        and (answer := items.act(operation, dynamodb_backends[ACCOUNT][REGION].tables, params)) is not None
    ):
        return answer
    result = _act(handler, operation, params)
    if form is not None:
        forms.add(form)
    return result


def _act(handler: type[BaseResponse], operation: str, params: Parsed) -> Parsed:
    action = handler()
    action.region, action.current_account, action.uri_match, action.querystring = REGION, ACCOUNT, {}, {}
    # moto keeps parts of what it is given, and writes into it.
    action.params = _copied(params)
    action.body = action.params if action.automated_parameter_parsing else json.dumps(params, default=_base64)
    result = getattr(action, _method(operation))()
    return dict(result.result) if isinstance(result, ActionResult) else json.loads(result)


def _answer(result: Parsed, status: int) -> Parsed:
    present = {name: value for name, value in result.items() if value is not None}
    return {**present, "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": 0}}


def _refusal(refusal: ConditionalCheckFailed) -> Parsed:
    """The parsed error; empty where it carries an item, whose types only botocore's parser knows."""
    description = json.loads(refusal.description)
    if "Item" in description:
        return {}
    error = {"Code": description["__type"].rpartition("#")[2], "Message": description["message"]}
    return _answer({"Error": error, "message": description["message"]}, 400)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list | tuple) else value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


@cache
def _method(operation: str) -> str:
    return str(camelcase_to_underscores(operation))
