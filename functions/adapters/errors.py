"""Translates AWS errors into the project's errors; no other module sees botocore's.

A request that may have taken effect is OutcomeUnknown; any other error means that the last attempt had no effect (SES
is called with one attempt only). Messages hold the operation and AWS's error code only, as AWS's own texts quote
addresses.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from functions.core.base.errors import (
    Conflict,
    OutcomeUnknown,
    QuotaUsedUp,
    RequestInvalid,
    SegueError,
    SendingPaused,
    SendRefused,
    Throttled,
    Unavailable,
)


class ConditionFailed(Conflict):
    """The condition of a write did not hold; ``item`` is the stored item, if the write asked for it."""

    def __init__(self, operation: str, code: str, item: Mapping[str, Any] | None) -> None:
        super().__init__(operation, code)
        self.item = item


# Code -> error. A code that is not here is Unavailable when AWS refused (4xx) and OutcomeUnknown when it broke (5xx).
CODES: Mapping[str, type[SegueError]] = {
    "ConditionalCheckFailedException": ConditionFailed,
    "DuplicateItemException": Conflict,
    "ReplicatedWriteConflictException": Conflict,
    "TransactionCanceledException": Conflict,
    "TransactionConflictException": Conflict,
    "TransactionInProgressException": Conflict,
    "ConcurrentModificationException": Conflict,
    "KmsThrottled": Throttled,
    "LimitExceededException": Throttled,
    "OverLimit": Throttled,
    "ProvisionedThroughputExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "RequestThrottled": Throttled,
    "RequestThrottledException": Throttled,
    "SlowDown": Throttled,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
    "TooManyRequestsException": Throttled,
    "BadRequestException": SendRefused,
    "MailFromDomainNotVerifiedException": SendRefused,
    "MessageRejected": SendRefused,
    "InvalidMessageContents": RequestInvalid,
    "ItemCollectionSizeLimitExceededException": RequestInvalid,
    "SerializationException": RequestInvalid,
    "ValidationException": RequestInvalid,
    "InternalFailure": OutcomeUnknown,
    "InternalServerError": OutcomeUnknown,
    "InternalServiceError": OutcomeUnknown,
    "InternalServiceErrorException": OutcomeUnknown,
    "InternalException": OutcomeUnknown,
    "ServiceUnavailable": OutcomeUnknown,
    "AWS.SimpleQueueService.BatchEntryIdsNotDistinct": Unavailable,
    "AWS.SimpleQueueService.BatchRequestTooLong": RequestInvalid,
    "AWS.SimpleQueueService.EmptyBatchRequest": Unavailable,
    "AWS.SimpleQueueService.InvalidBatchEntryId": Unavailable,
    "AWS.SimpleQueueService.NonExistentQueue": Unavailable,
    "AWS.SimpleQueueService.TooManyEntriesInBatchRequest": Unavailable,
    "AWS.SimpleQueueService.UnsupportedOperation": Unavailable,
    "AccountSuspendedException": SendingPaused,
    "DecryptionFailure": Unavailable,
    "IdempotentParameterMismatchException": Unavailable,
    "InvalidAddress": Unavailable,
    "InvalidEndpointException": Unavailable,
    "InvalidParameterException": Unavailable,
    "InvalidRequestException": Unavailable,
    "InvalidSecurity": Unavailable,
    "KmsAccessDenied": Unavailable,
    "KmsDisabled": Unavailable,
    "KmsInvalidKeyUsage": Unavailable,
    "KmsInvalidState": Unavailable,
    "KmsNotFound": Unavailable,
    "KmsOptInRequired": Unavailable,
    "NotFoundException": Unavailable,
    "ResourceNotFoundException": Unavailable,
    "SendingPausedException": SendingPaused,
}

# Why a transaction was cancelled: the first of these codes that one of its items has counts. What is wrong in itself
# stays so, and a condition that does not hold says more than a slow table.
REASONS: Mapping[str, type[SegueError]] = {
    "ValidationError": RequestInvalid,
    "ItemCollectionSizeLimitExceeded": RequestInvalid,
    "ConditionalCheckFailed": Conflict,
    "TransactionConflict": Conflict,
    "ProvisionedThroughputExceeded": Throttled,
    "ThrottlingError": Throttled,
}

# By its text alone a quota of a day is told from a rate: both have the code of any throttling.
_OF_A_DAY = re.compile(r"daily (message|sending) quota exceeded", re.IGNORECASE)

# These may come after the request left. The rest of botocore's come before: no connection, credentials, parameters.
_PERHAPS_LEFT = (HTTPClientError, SSLError, IncompleteReadError, ChecksumError, ResponseParserError)


@contextmanager
def translated(operation: str) -> Iterator[None]:
    """Raise errors of botocore inside the block as errors of the project."""
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        raise translate(operation, error) from None


def translate(operation: str, error: Exception) -> SegueError:
    """The project's error for an error of botocore."""
    if isinstance(error, ClientError):
        return _answered(operation, error.response)
    if isinstance(error, ParamValidationError):
        return RequestInvalid(operation, type(error).__name__)
    kind = OutcomeUnknown if isinstance(error, _PERHAPS_LEFT) else Unavailable
    return kind(operation, type(error).__name__)


def of_code(operation: str, code: str, status: int = 400) -> SegueError:
    """The project's error for an AWS error code."""
    kind = CODES.get(code, Unavailable if status < 500 else OutcomeUnknown)
    if kind is SendRefused:
        return SendRefused(code)
    if kind is ConditionFailed:
        return ConditionFailed(operation, code, None)
    return kind(operation, code)


def _answered(operation: str, response: Mapping[str, Any]) -> SegueError:
    code = str(response.get("Error", {}).get("Code", ""))
    if CODES.get(code) is Throttled and _OF_A_DAY.match(str(response["Error"].get("Message", ""))):
        return QuotaUsedUp(operation, code)
    if CODES.get(code) is ConditionFailed:
        return ConditionFailed(operation, code, response.get("Item"))
    if reasons := [each["Code"] for each in response.get("CancellationReasons", ()) if each["Code"] != "None"]:
        kind = next((kind for reason, kind in REASONS.items() if reason in reasons), Conflict)
        return kind(operation, f"{code} ({', '.join(reasons)})")
    return of_code(operation, code, int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)))
