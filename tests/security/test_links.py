"""The links in e-mails: made with a key of their own, and good for as long as laws ask, a rotation included."""

import re
from urllib.parse import urlsplit

import pytest

from functions.core.base.tokens import ApiToken, mint
from functions.core.messages.unsubscribe import KEY, Claims, seal
from functions.settings import variable
from functions.topology import FUNCTIONS
from local.runtime.clock import now
from tests.flow.host import Host
from tests.flow.shop import ANN, cart, checkout, customer

ONE_CLICK = {"content-type": "application/x-www-form-urlencoded"}


def rotate(host: Host, secret: str) -> None:
    """Put a new value, as an operator does; AWSPREVIOUS is the one before."""
    cloud = host.inner.cloud
    place, value = cloud.environment[variable("secret", secret)], f"{host.inner.secret(secret)}-next"
    cloud.clients.get("secretsmanager").put_secret_value(SecretId=place, SecretString=value)


@pytest.fixture
def link(host: Host) -> str:
    """The path of the unsubscribe link in an e-mail that Ann got."""
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.clock.advance("10m")
    host.webhook("carts/create", cart("c1"))
    host.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1"))
    host.clock.advance("1h")
    (mail,) = host.mailbox()
    (url,) = re.findall(r"<(https?://[^>]+/u/[^>]+)>", mail["headers"]["List-Unsubscribe"])
    return urlsplit(url).path


def test_a_link_made_with_the_key_before_the_current_one_still_unsubscribes(host: Host, link: str) -> None:
    assert 200 == host.request("GET", link).status
    rotate(host, KEY)
    host.clock.advance("10m")
    assert 200 == host.request("GET", link).status
    assert 200 == host.request("POST", link, b"List-Unsubscribe=One-Click", ONE_CLICK).status
    assert "unsubscribed" == (host.profile(f"email:{ANN.email}") or {})["consent"]["marketing"]
    rotate(host, KEY)
    host.clock.advance("10m")
    assert 404 == host.request("GET", link).status


def test_a_link_made_with_a_key_that_the_page_has_not_read_yet_is_taken(host: Host, link: str) -> None:
    assert 200 == host.request("GET", link).status
    rotate(host, KEY)
    host.clock.advance("11s")
    newer = seal(host.inner.secret(KEY), Claims("p", ANN.email, "cart-recovery_1_1"))
    assert 200 == host.request("GET", f"/u/{newer}").status


def test_a_link_made_with_the_key_of_tokens_is_none_and_a_token_made_with_the_key_of_links_is_none(host: Host) -> None:
    claims = Claims("p", ANN.email, "cart-recovery_1_1")
    assert 404 == host.request("GET", f"/u/{seal(host.inner.secret('signing-key'), claims)}").status
    audience = host.inner.cloud.environment[variable("secret", "signing-key")]
    token = mint(host.inner.secret(KEY), audience, ApiToken("1", "mallory", "publish", now(), now() + 60))
    assert 401 == host.request("GET", "/api/segments", headers={"authorization": f"Bearer {token}"}).status
    assert 401 == host.request("GET", "/api/segments", headers={"authorization": f"Bearer {link_of(host)}"}).status


def link_of(host: Host) -> str:
    """A genuine token of a link."""
    return seal(host.inner.secret(KEY), Claims("p", ANN.email, "cart-recovery_1_1"))


@pytest.mark.parametrize(("secret", "readers"), [("signing-key", ["api"]), (KEY, ["preferences", "send"])])
def test_the_key_of_tokens_and_the_key_of_links_are_read_by_different_functions(
    secret: str, readers: list[str]
) -> None:
    granted = {row.name: {grant.name for grant in row.grants if grant.kind == "secret"} for row in FUNCTIONS}
    assert readers == sorted(name for name, secrets in granted.items() if secret in secrets)
