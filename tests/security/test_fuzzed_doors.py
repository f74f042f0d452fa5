"""Every operation of the OpenAPI document, asked what Schemathesis makes of it: no 5xx, and answers as described."""

import base64
import json
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from functions.handlers.openapi import document
from tests.api_document import validate
from tests.requests import gateway, sign
from tests.security.in_process import Shop, opened
from tests.unit.strategies import at_most
from tests.unit.strategies.values import NIGHTLY

BASE = "http://shop.example"
SCHEMA = schemathesis.openapi.from_dict(document())
FOUND: list[Any] = list(SCHEMA.get_all_operations())
OPERATIONS: dict[str, Any] = {each.label: each for each in (result.ok() for result in FOUND)}
BASIC = base64.b64encode(b"SK:").decode()


def can_be_wrong(label: str) -> bool:
    """True if a request can break the description: with nothing but a text in its path, and no token, none can."""
    method, path = label.split(" ")
    described = document()["paths"][path][method.lower()]
    return "requestBody" in described or described.get("security") != []


REQUESTS = [(label, GenerationMode.POSITIVE) for label in sorted(OPERATIONS)]
REQUESTS += [(label, GenerationMode.NEGATIVE) for label in sorted(OPERATIONS) if can_be_wrong(label)]


def request_of(shop: Shop, case: Any) -> dict[str, Any]:
    """The case as API Gateway hands it to a function, with the credential that its door asks for."""
    kwargs = case.as_transport_kwargs(base_url=BASE)
    body = kwargs.get("data")
    content = {"content": body} if isinstance(body, bytes | str) else {"data": body}
    named = {name: kwargs[name] for name in ("params", "json") if kwargs.get(name) is not None}
    prepared = httpx.Request(kwargs["method"], kwargs["url"], **named, **(content if body else {}))
    raw, path = prepared.read(), prepared.url.raw_path.partition(b"?")[0].decode()
    credential = f"Basic {BASIC}" if path.startswith("/v1/") else f"Bearer {shop.token}"
    own = {"authorization": credential, "x-shopify-topic": "orders/create", "x-shopify-hmac-sha256": sign(raw)}
    headers = {str(name): str(value) for name, value in (kwargs.get("headers") or {}).items()}
    return gateway(prepared.method, path, raw, headers | own) | {"rawQueryString": prepared.url.query.decode()}


@pytest.mark.parametrize(("label", "mode"), REQUESTS, ids=str)
@at_most(2_000 if NIGHTLY else 3)
@given(data=st.data())
def test_what_the_document_describes_and_what_it_does_not_is_answered_as_described(
    label: str, mode: GenerationMode, data: st.DataObject
) -> None:
    case = data.draw(OPERATIONS[label].as_strategy(generation_mode=mode))
    with opened() as shop:
        event = request_of(shop, case)
        status, body, _ = shop.ask(event)
        assert status < 500, (status, body)
        if body and not event["rawPath"].startswith(("/u/", "/confirm/")):
            validate(event["requestContext"]["http"]["method"], event["rawPath"], status, json.loads(body))
        shop.settle()
        if label != "DELETE /api/tokens":
            # That one may take back the token by which everybody is read.
            shop.read_everybody()
