"""API Gateway's events, decoded; and answers to what went wrong."""

import json

import pytest

from functions.core.base import errors
from functions.core.base.errors import Fault
from functions.handlers import http


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ({"body": "YWI=", "isBase64Encoded": True}, b"ab"),
        ({"body": "é", "isBase64Encoded": False}, "é".encode()),
        ({"body": None}, b""),
        ({}, b""),
        ({"body": "%%%", "isBase64Encoded": True}, b""),
        ({"body": "\x1f\x8b\x08\xff", "isBase64Encoded": False}, b"\x1f\x8b\x08\xff"),
    ],
)
def test_a_body_is_the_bytes_that_were_sent(event: dict[str, object], body: bytes) -> None:
    assert body == http.body(event)


def test_headers_have_names_in_lower_case() -> None:
    assert {"x-a": "1"} == http.headers({"headers": {"X-A": "1"}})
    assert {} == http.headers({"headers": None})


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (errors.BadSignature(), 401, {"error": "unauthorized"}),
        (errors.Throttled("append"), 503, {"error": "unavailable"}),
        (errors.Conflict("append"), 503, {"error": "unavailable"}),
        (
            errors.Malformed(Fault("not JSON", "body", 2, 3), Fault("must be text", "event", suggestion="Seen")),
            400,
            {
                "error": "malformed",
                "code": "malformed",
                "message": "body: not JSON",
                "faults": [
                    {"where": "body", "line": 2, "column": 3, "message": "not JSON"},
                    {"where": "event", "message": "must be text", "suggestion": "Seen"},
                ],
            },
        ),
    ],
)
def test_an_error_has_its_answer(error: errors.SegueError, status: int, body: object) -> None:
    answer = http.refusal(error)
    assert (status, body) == (answer["statusCode"], json.loads(answer["body"]))
    assert (status == 503) == ("retry-after" in answer["headers"])


def test_an_error_that_is_nobodys_fault_is_not_hidden() -> None:
    with pytest.raises(errors.NotUnderstood):
        http.refusal(errors.NotUnderstood("x"))
