"""Recognises calls of DynamoDB in one of the plain forms that the adapters use."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

Params = Mapping[str, Any]
Form = tuple[Any, ...]

SET = re.compile(r"SET (#\w+ = :\w+(?:, #\w+ = :\w+)*)")
KEYS = re.compile(
    r"#(?P<hash>\w+) = (?P<value>:\w+)"
    r"(?: AND (?:#(?P<range>\w+) (?P<sign>>=|<) (?P<bound>:\w+)"
    r"|#(?P<between>\w+) BETWEEN (?P<least>:\w+) AND (?P<most>:\w+)"
    r"|begins_with\(#\w+, (?P<prefix>:\w+)\)))?"
)
_TERMS = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_TAKEN: Mapping[str, set[str]] = {
    "GetItem": {"TableName", "Key", "ConsistentRead"},
    "PutItem": {"TableName", "Item", "ReturnValuesOnConditionCheckFailure", *_TERMS},
    "UpdateItem": {"TableName", "Key", "UpdateExpression", *_TERMS},
    "Query": {
        *("TableName", "IndexName", "KeyConditionExpression", "ConsistentRead", "ExclusiveStartKey", "Limit"),
        *_TERMS,
    },
}
_BATCH = 100


def form_of(operation: str, params: Params) -> Form | None:
    """A key that is equal for calls of the same form; None for a call of another form."""
    if operation == "BatchGetItem":
        return _batch_form(params)
    if operation == "TransactWriteItems":
        return _together_form(params)
    texts = ((name, value if isinstance(value, str) else "") for name, value in params.items())
    form = (operation, len(params), *texts, *params.get("ExpressionAttributeNames", ()))
    return form if _is_ours(form) else None


@cache
def _is_ours(form: Form) -> bool:
    operation, count, *rest = form
    texts = dict(rest[:count])
    if operation not in _TAKEN or not texts.keys() <= _TAKEN[operation]:
        return False
    if operation == "UpdateItem" and not SET.fullmatch(texts.get("UpdateExpression", "")):
        return False
    return operation != "Query" or bool(KEYS.fullmatch(texts["KeyConditionExpression"]))


def _batch_form(params: Params) -> Form | None:
    requests = params["RequestItems"]
    plainly = all(request.keys() <= {"Keys", "ConsistentRead"} for request in requests.values())
    few = 0 < sum(len(request["Keys"]) for request in requests.values()) <= _BATCH
    return ("BatchGetItem", *sorted(requests)) if plainly and few and params.keys() == {"RequestItems"} else None


def _together_form(params: Params) -> Form | None:
    writes = params["TransactItems"]
    if params.keys() != {"TransactItems"} or any(each.keys() != {"Put"} for each in writes):
        return None
    forms = [form_of("PutItem", each["Put"]) for each in writes]
    return None if None in forms else ("TransactWriteItems", *forms)
