"""Every error that AWS or botocore can give us becomes one of ours."""

import re
from typing import Any

import botocore.exceptions
import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from botocore.model import StructureShape
from botocore.parsers import ResponseParserError

from functions.adapters.errors import CODES, ConditionFailed, translate, translated
from functions.core.base.errors import (
    Conflict,
    OutcomeUnknown,
    QuotaUsedUp,
    RequestInvalid,
    RowTooLarge,
    SegueError,
    SendRefused,
    Throttled,
    Unavailable,
    is_outage,
)
from tests.operations import calls, models


@pytest.mark.parametrize("path", calls())
def test_the_table_names_every_error_of_every_operation_that_the_adapters_call(path: str) -> None:
    codes = {
        code
        for operation in calls()[path]
        for shape in models()[operation.service].operation_model(operation.name).error_shapes
        if isinstance(shape, StructureShape)
        for code in (shape.name, shape.error_code)
    }
    assert set() == codes - {*CODES, *_NAMED_BY_CODE}


# SQS names these shapes otherwise than the codes it answers, which the table has.
_NAMED_BY_CODE = frozenset(
    {
        "BatchEntryIdsNotDistinct",
        "BatchRequestTooLong",
        "EmptyBatchRequest",
        "InvalidBatchEntryId",
        "QueueDoesNotExist",
        "TooManyEntriesInBatchRequest",
        "UnsupportedOperation",
    }
)


def answered(code: str, status: int = 400, **more: object) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": "about ann@x.org"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(response, "PutItem")


@pytest.mark.parametrize(("code", "expected"), CODES.items())
def test_each_code_becomes_its_error(code: str, expected: type[SegueError]) -> None:
    found = translate("put log", answered(code))
    assert expected is type(found)
    assert code in str(found)
    assert "ann" not in str(found)


@pytest.mark.parametrize(
    ("code", "status", "expected"), [("NewException", 400, Unavailable), ("NewException", 500, OutcomeUnknown)]
)
def test_an_unknown_code_counts_by_its_status(code: str, status: int, expected: type[SegueError]) -> None:
    assert expected is type(translate("put log", answered(code, status)))


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException", "LimitExceededException"])
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Daily message quota exceeded.", QuotaUsedUp),
        ("Daily sending quota exceeded", QuotaUsedUp),
        ("Maximum sending rate exceeded.", Throttled),
        ("", Throttled),
    ],
)
def test_a_quota_of_a_day_is_told_from_a_rate_by_what_ses_says(code: str, message: str, expected: type) -> None:
    error = answered(code, 429)
    error.response["Error"]["Message"] = message
    assert expected is type(translate("send e-mail", error))


def test_a_failed_condition_carries_what_is_stored() -> None:
    found = translate("put log", answered("ConditionalCheckFailedException", Item={"pk": {"S": "a"}}))
    assert isinstance(found, ConditionFailed)
    assert isinstance(found, Conflict)
    assert {"pk": {"S": "a"}} == found.item


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (["None", "ConditionalCheckFailed"], Conflict),
        (["TransactionConflict", "None"], Conflict),
        (["None", "ValidationError"], RequestInvalid),
        (["ItemCollectionSizeLimitExceeded", "None"], RequestInvalid),
        (["ConditionalCheckFailed", "ValidationError"], RequestInvalid),
        (["None", "ThrottlingError"], Throttled),
        (["ProvisionedThroughputExceeded", "None"], Throttled),
        (["ThrottlingError", "ConditionalCheckFailed"], Conflict),
        (["None", "ANewReason"], Conflict),
        ([], Conflict),
    ],
)
def test_a_cancelled_transaction_counts_by_the_reasons_of_its_items(reasons: list[str], expected: type) -> None:
    told = [{"Code": reason, "Message": "about ann@x.org"} for reason in reasons]
    found = translate("put together", answered("TransactionCanceledException", CancellationReasons=told))
    assert expected is type(found)
    assert all(reason in str(found) for reason in reasons if reason != "None")
    assert "ann" not in str(found)
    assert is_outage(found) is (expected is not RequestInvalid)


def test_families_of_errors_are_what_callers_catch() -> None:
    assert issubclass(Throttled, Unavailable)
    assert issubclass(OutcomeUnknown, Unavailable)
    assert not issubclass(SendRefused, Unavailable)


BEFORE = ["ConnectTimeoutError", "EndpointConnectionError", "NoCredentialsError"]
BEFORE += ["ProxyConnectionError", "NoRegionError", "CredentialRetrievalError"]
PERHAPS_AFTER = ["ReadTimeoutError", "ConnectionClosedError", "HTTPClientError", "SSLError", "IncompleteReadError"]
PERHAPS_AFTER += ["ResponseStreamingError"]


def _made(name: str) -> BotoCoreError:
    error = getattr(botocore.exceptions, name)
    fields = re.findall(r"{(\w+)", error.fmt)
    return error(**dict.fromkeys({*fields, "endpoint_url", "error", "request"}, "x"))


@pytest.mark.parametrize("name", BEFORE)
def test_what_never_left_had_no_effect(name: str) -> None:
    assert Unavailable is type(translate("send e-mail", _made(name)))


def test_what_the_sdk_refuses_to_send_is_wrong_in_itself() -> None:
    assert RequestInvalid is type(translate("put log", _made("ParamValidationError")))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (translate("put log", answered("ThrottlingException")), True),
        (translate("put log", answered("AccessDeniedException")), True),
        (translate("put log", answered("ResourceNotFoundException")), True),
        (translate("put log", answered("InternalServerError", 500)), True),
        (translate("put log", ReadTimeoutError(endpoint_url="x")), True),
        (translate("put log", answered("ConditionalCheckFailedException")), True),
        (translate("put log", answered("ValidationException")), False),
        (RowTooLarge("put profiles", 500_000), False),
        (KeyError("a fault of the program"), False),
        (TimeoutError(), False),
    ],
)
def test_an_outage_is_told_apart_from_what_fails_whoever_tries(error: Exception, expected: bool) -> None:
    assert expected is is_outage(error)


@pytest.mark.parametrize("name", PERHAPS_AFTER)
def test_what_broke_after_it_left_may_have_happened(name: str) -> None:
    assert OutcomeUnknown is type(translate("send e-mail", _made(name)))


def test_nothing_of_botocore_leaves_and_no_trace_quotes_it() -> None:
    for error in (answered("X"), ReadTimeoutError(endpoint_url="https://ann@x.org"), ResponseParserError("ann")):
        with pytest.raises(Unavailable) as raised, translated("get log"):
            raise error
        assert raised.value.__suppress_context__
        assert "ann" not in str(raised.value)
