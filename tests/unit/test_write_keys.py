"""Which keys of the Segment API are taken: one of the shop's, and never an empty one."""

import base64
import json

import pytest

from functions.core.base.errors import BadCredential
from functions.core.base.translation import Request
from functions.sources.segment import accepted, verify


def basic(user: str) -> Request:
    header = "Basic " + base64.b64encode(f"{user}:".encode()).decode()
    return Request(b"{}", {"authorization": header}, "track", 0, "EUR")


def in_body(key: object) -> Request:
    return Request(json.dumps({"writeKey": key}).encode(), {}, "track", 0, "EUR")


@pytest.mark.parametrize("keys", [("",), ("", "WK"), ("WK", ""), ()])
def test_an_empty_key_is_never_accepted_even_if_a_secret_is_empty(keys: tuple[str, ...]) -> None:
    assert not accepted("", keys)
    for request in (basic(""), in_body(""), in_body(None), in_body(["WK"])):
        with pytest.raises(BadCredential, match="no write key"):
            verify(request, keys)


@pytest.mark.parametrize("request_of", [basic, in_body])
def test_either_of_two_keys_is_accepted_and_no_other(request_of) -> None:
    for key in ("WK", "WK-before"):
        verify(request_of(key), ("WK", "WK-before"))
    for key in ("WK-", "wk", "WK-beforeWK", " "):
        with pytest.raises(BadCredential, match="not a write key"):
            verify(request_of(key), ("WK", "WK-before"))
