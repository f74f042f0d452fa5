"""Passes botocore's calls to moto without HTTP in between, which takes nine tenths of the time of such a call.

The parameters are passed to moto's own action as its parser would give them, and the result is returned as botocore's
parser would read it. A call that moto refuses, other than for a failed condition, is repeated over HTTP, which gives
the error its text; a refusal changes nothing.
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
    """What ``after-call`` handlers get in place of an HTTP response."""

    status_code: int


def direct(through_http: Call) -> Call:
    """A replacement of ``BaseClient._make_api_call`` that calls moto directly for the operations above."""

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
    """The botocore events around one call."""

    def __init__(self, client: BaseClient, operation: str) -> None:
        self._client = client
        self._model = client.meta.service_model.operation_model(operation)
        self._provided, self._building, self._called = _events(self._model.service_model.service_id, operation)
        self._context: dict[str, Any] = {}

    def before(self, params: Parsed) -> Parsed:
        """Emit the events before the call; return the parameters as handlers changed them."""
        heard = {"model": self._model, "context": self._context}
        response = self._client.meta.events.emit(self._provided, params=params, **heard)
        built: Parsed = first_non_none_response(response, default=params)
        self._client.meta.events.emit(self._building, params=built, **heard)
        return built

    def after(self, parsed: Parsed) -> Parsed:
        """Emit the event after the call; return the answer, or raise the error in it."""
        answered = Answered(parsed["ResponseMetadata"]["HTTPStatusCode"])
        heard = {"http_response": answered, "parsed": parsed, "model": self._model, "context": self._context}
        self._client.meta.events.emit(self._called, **heard)
        if answered.status_code >= 300:
            # The stubs take the class of an error for an error.
            error: Any = self._client.exceptions.from_code(parsed["Error"]["Code"])
            raise error(parsed, self._model.name)
        return parsed


class _Names(NamedTuple):
    """The names of botocore's events before and after a call."""

    provided: str
    building: str
    called: str


@cache
def _events(service: ServiceId, operation: str) -> _Names:
    """The names of botocore's events for a call, cached because botocore builds them anew each time."""
    whole = f"{service.hyphenize()}.{operation}"
    return _Names(f"provide-client-params.{whole}", f"before-parameter-build.{whole}", f"after-call.{whole}")


def _fitting(handler: type[BaseResponse], operation: str, params: Parsed, forms: set[Form]) -> Parsed:
    """Answer a call directly from the tables if moto has seen its form; else by moto's own action."""
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
    """The parsed error; empty if it carries an item, whose types only botocore's parser knows."""
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
