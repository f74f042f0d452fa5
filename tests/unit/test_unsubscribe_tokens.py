"""Tokens of unsubscribe links: nobody reads, changes or makes one."""

import base64
import hashlib
import hmac

import pytest

from functions.core.messages import unsubscribe

CLAIMS = unsubscribe.Claims("p1", "ann@x.org", "cart_c1_0")


def test_links_in_mails_that_were_sent_with_a_signed_token_still_work():
    body = "u1." + base64.urlsafe_b64encode(b'["p1","ann@x.org","cart_c1_0"]').rstrip(b"=").decode()
    mac = hmac.new(b"s", f"unsubscribe:{body}".encode(), hashlib.sha256).digest()
    token = f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert CLAIMS == unsubscribe.open_token(("new", "s"), token)
    assert unsubscribe.open_token(("new",), token) is None
    assert unsubscribe.open_token(("s",), token[:-2]) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [("ann@example.org", "a•••@e•••.org"), ("a@b.co.uk", "a•••@b•••.uk"), ("x@localhost", "x•••@l•••")],
)
def test_an_address_is_masked(address, shown):
    assert shown == unsubscribe.mask(address)
