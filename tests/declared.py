"""Declared sources for tests: their definitions, published and not, and requests that their senders sign."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from functions.core.base import json_text
from functions.core.definitions.source import load_source
from functions.usecases.publish import publish
from tests.fakes import FakePorts
from tests.requests import NOW, gateway

GOLDEN = Path(__file__).parent / "golden" / "declared"
TILL = (GOLDEN / "till.yaml").read_text()
SALE: dict[str, Any] = json_text.read((GOLDEN / "sale.json").read_text())
SECRET = "a secret of the till"

# A form that everybody can fill in, sent on under a token.
FORM = """
id: form
signature: {scheme: token, header: X-Form-Token}
trust: public
identity: id
events:
  - event: Identified
    time: instant(at)
    person: {email: email, user_id: account}
    traits: {first_name: name}
    consent: "newsletter && 'subscribed' || null"
samples:
  - body: {id: 1, at: 2026-11-21T18:00:00Z, email: ann@example.org, name: Ann, newsletter: true}
    expect: [{event: Identified, person: ["email:ann@example.org"], traits: {first_name: Ann}, consent: subscribed}]
"""


def declared(text: str) -> dict[str, Any]:
    """The stored body of a definition."""
    return load_source(text)


def publish_source(fakes: FakePorts, text: str, name: str = "till") -> None:
    """Make the text the current one."""
    publish(fakes.at(NOW), "sources", name, text, "tests")


def signed(body: Any, secret: str = SECRET, path: str = "/hooks/till", **headers: str) -> dict[str, Any]:
    """A webhook of the till, signed in hex."""
    raw = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return gateway("POST", path, raw, {"x-till-signature": signature, **headers})


def form(body: Any, token: str = "a new secret of the form") -> dict[str, Any]:
    """A webhook of the form."""
    return gateway("POST", "/hooks/form", json.dumps(body).encode(), {"x-form-token": token})
