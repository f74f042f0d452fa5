"""API Gateway's events, decoded; and what senders are told of what went wrong."""

import pytest

from functions.core.base.errors import BadSignature, Fault, Malformed, Refused
from functions.handlers import http, refusals


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
    ("error", "told"),
    [
        (BadSignature(), {"error": "unauthorized"}),
        (
            Malformed(Fault("not JSON", "body", 2, 3), Fault("must be text", "event", suggestion="Seen")),
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
def test_a_sender_is_told_every_fault_but_nothing_of_a_signature(error: Refused, told: object) -> None:
    assert told == refusals.refusal(error)
