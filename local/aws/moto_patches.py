"""Patches that let moto carry thousands of people.

Without them it talks HTTP to itself, sorts a whole table for every query, parses every condition anew and forgets
e-mail tags. The answers stay moto's own, which a contract test compares with unpatched moto.
"""

import json
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

import moto.dynamodb.models as dynamodb_models
import moto.ses.models as ses_models
import moto.sqs.models as sqs_models
from botocore.client import BaseClient
from botocore.signers import RequestSigner
from moto.dynamodb.comparisons import ConditionExpressionParser as Conditions
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.sesv2.responses import SESV2Response

from local.aws.direct import direct
from local.aws.mailbox import headers_of
from local.aws.moto_tables import PartitionedTable, update_item, weighed_once
from local.aws.ses_account import SesAccount
from local.runtime.lambda_events import REGION


@dataclass(slots=True)
class Aside:
    """What moto accepts but does not keep: tags and configuration set of each e-mail, and the account's limits."""

    emails: dict[str, dict[str, Any]] = field(default_factory=dict)
    account: SesAccount = field(default_factory=SesAccount)


@contextmanager
def tuned() -> Iterator[Aside]:
    """Apply the patches to moto inside the block."""
    aside = Aside()
    with ExitStack() as stack:
        for target, name, replacement in (
            (dynamodb_models, "Table", PartitionedTable),
            (dynamodb_models.DynamoDBBackend, "update_item", update_item(dynamodb_models.DynamoDBBackend.update_item)),
            (Item, "__init__", weighed_once),
            (DynamoType, "__hash__", _hash(DynamoType.__hash__)),
            (DynamoType, "__eq__", _equal(DynamoType.__eq__)),
            (Conditions, "_lex_condition_expression", _read_once(Conditions._lex_condition_expression)),
            (BaseClient, "_make_api_call", direct(vars(BaseClient)["_make_api_call"])),
            (sqs_models, "unix_time_millis", _millis),
            (sqs_models, "camelcase_to_underscores", cache(sqs_models.camelcase_to_underscores)),
            # moto looks for addresses in the headers, and would read the parts as well.
            (ses_models, "email", SimpleNamespace(message_from_string=headers_of)),
            # Nobody checks signatures here, and they cost more than the call itself.
            (RequestSigner, "sign", _sign),
            (sqs_models, "generate_receipt_handle", lambda: uuid.uuid4().hex),
            (sqs_models.Message, "visible", property(_visible)),
            (SESV2Response, "send_email", _send_email(SESV2Response.send_email, aside)),
        ):
            stack.enter_context(mock.patch.object(target, name, replacement))
        # moto has no such action.
        stack.enter_context(
            mock.patch.object(SESV2Response, "get_account", lambda _: aside.account.described(), create=True)
        )
        yield aside


def _hash(original: Callable[[DynamoType], int]) -> Callable[[DynamoType], int]:
    """The hash of a key, most of which are texts; moto's own checks the type of a value five times."""
    return lambda value: hash(value.value) if value.type == "S" else original(value)


def _equal(original: Callable[[DynamoType, DynamoType], bool]) -> Callable[[DynamoType, DynamoType], bool]:
    return lambda one, other: one.value == other.value if one.type == "S" == other.type else original(one, other)


def _read_once(lex: Callable[[Conditions], deque[Any]]) -> Callable[[Conditions], deque[Any]]:
    """The tokens of a condition, cached by its text; moto tokenises it two or three times per call."""

    @cache
    def words(text: str) -> tuple[Any, ...]:
        return tuple(lex(Conditions(text, None, None)))

    return lambda condition: deque(words(condition.condition_expression))


def _visible(message: sqs_models.Message) -> bool:
    # moto asks for later than the instant; under a frozen clock a message due now would never be seen.
    return bool(_millis() >= message.visible_at)


def _millis() -> float:
    # Every message sent asks this of every message that waits; moto's own goes through two datetimes.
    return time.time() * 1000


def _sign(_signer: RequestSigner, _operation: str, request: Any, *_args: Any, **_kwargs: Any) -> None:
    # moto reads the region from the scope, and no more.
    scope = f"local/20260101/{REGION}/local/aws4_request"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


def _send_email(original: Any, aside: Aside) -> Any:
    def send_email(self: Any) -> str:
        aside.account.count()
        answer: str = original(self)
        request = json.loads(self.body)
        aside.emails[json.loads(answer)["MessageId"]] = {
            "tags": {tag["Name"]: tag["Value"] for tag in request.get("EmailTags") or ()},
            "configuration_set": request.get("ConfigurationSetName"),
        }
        return answer

    return send_email
