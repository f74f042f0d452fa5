"""What proves a sender is never kept: not in quarantine, whole requests and single messages alike."""

import base64
import gzip
import json
from typing import Any

import pytest

from tests.flow.host import Host
from tests.flow.shop import read

NOBODY = {"type": "track", "event": "Product Viewed", "anonymousId": "undefined", "messageId": "m1"}


def kept(host: Host) -> list[dict[str, Any]]:
    """Everything in quarantine, whole."""
    items = read(host.api("GET", "quarantine"))["items"]
    return [read(host.api("GET", f"quarantine/{item['source']}/{item['id']}")) for item in items]


def send(host: Host, path: str, body: Any, *, packed: bool = False) -> None:
    """A request with the public key in the body and in no header, as SDKs in pages send it."""
    raw = json.dumps(body).encode()
    headers = {"content-type": "text/plain", **({"content-encoding": "gzip"} if packed else {})}
    answer = host.request("POST", f"/v1/{path}?writeKey=in-the-query", gzip.compress(raw) if packed else raw, headers)
    assert 200 == answer.status, answer.body


@pytest.mark.parametrize("packed", [False, True])
def test_a_write_key_in_the_body_is_not_kept_with_what_is_not_understood(bare: Host, packed: bool) -> None:
    key = bare.keys["write_key"]
    hidden = {**NOBODY, "writeKey": key, "context": {"writeKey": key, "user_hash": "proof"}}
    send(bare, "batch", {"writeKey": key, "batch": [hidden]}, packed=packed)
    send(bare, "track", {**hidden, "messageId": "m2"}, packed=packed)
    items = kept(bare)
    assert 2 == len(items)
    for item in items:
        assert key not in json.dumps(item)
        assert "proof" not in json.dumps(item)
        assert "in-the-query" not in json.dumps(item)
        assert "public" == item["headers"]["segue-trust"]


def test_neither_key_nor_authorisation_is_kept_of_a_request_that_came_with_a_header(bare: Host) -> None:
    key = bare.keys["server_key"]
    basic = base64.b64encode(f"{key}:".encode()).decode()
    answer = bare.request("POST", "/v1/track", {**NOBODY, "writeKey": key}, {"authorization": f"Basic {basic}"})
    assert 200 == answer.status
    (item,) = kept(bare)
    assert key not in json.dumps(item)
    assert basic not in json.dumps(item)


def test_what_lies_in_quarantine_without_its_key_is_taken_again_with_the_trust_it_came_with(bare: Host) -> None:
    send(bare, "track", {**NOBODY, "writeKey": bare.keys["write_key"]})
    (item,) = kept(bare)
    answer = read(bare.api("POST", f"quarantine/segment/{item['id']}/replay"))
    assert (False, "every identifier names nobody") == (answer["replayed"], answer["reason"])


def test_the_same_request_with_a_key_that_was_rotated_is_the_same_row(bare: Host) -> None:
    write, server = bare.keys["write_key"], bare.keys["server_key"]
    for key in (write, write, server):
        send(bare, "track", {**NOBODY, "writeKey": key})
    assert ["", "public"] == sorted(item["headers"].get("segue-trust", "") for item in kept(bare))
