"""Tokens of links: nobody reads, changes or makes one, and each is good for one purpose alone, whichever it is."""

import base64
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.messages import confirmation, sealed, unsubscribe, visit

NOW = 1_795_600_000


class Unsubscribe:
    """A link that says no."""

    purpose = unsubscribe.PURPOSE
    claims = unsubscribe.Claims("p1", "ann@x.org", "cart_c1_0")
    wrong: tuple[object, ...] = (
        [],
        ["p1", "ann@x.org"],
        ["p1", "ann@x.org", 1],
        ["p1", None, "c"],
        {"profile": "p1"},
        7,
    )

    def seal(self, secret):
        return unsubscribe.seal(secret, self.claims)

    def opened(self, secrets, token):
        return unsubscribe.open_token(secrets, token)


class Confirmation:
    """A link that says yes."""

    purpose = confirmation.PURPOSE
    claims = confirmation.Claims("email:ann@x.org", "anonymous_id:a1", NOW, NOW + confirmation.LIFE)
    wrong: tuple[object, ...] = (
        ["email:ann@x.org", "", 1],
        ["user_id:7", "", 1, 2],
        ["email:Ann@x.org", "", 1, 2],
        ["email:nobody", "", 1, 2],
        ["email:ann@x.org", "user_id:7", 1, 2],
        ["email:ann@x.org", "", True, 2],
        ["email:ann@x.org", None, 1, 2],
        {"address": "email:ann@x.org"},
    )

    def seal(self, secret):
        return confirmation.seal(secret, self.claims)

    def opened(self, secrets, token):
        return confirmation.open_token(secrets, token)


class Visit:
    """A link that proves the visitor."""

    purpose = visit.PURPOSE
    claims = "email:ann@x.org"
    wrong: tuple[object, ...] = (["ann@x.org"], ["nobody", 2**40], [7, 2**40], ["ann@x.org", True], {"a": 1}, [])

    def seal(self, secret):
        return visit.seal(secret, "ann@x.org", NOW)

    def opened(self, secrets, token):
        return visit.open_token(secrets, token, NOW)


LINKS = (Unsubscribe(), Confirmation(), Visit())
each_link = pytest.mark.parametrize("link", LINKS, ids=lambda link: link.purpose.name)


@each_link
def test_a_link_gives_back_its_claims_under_either_secret(link):
    token = link.seal("old")
    assert link.claims == link.opened(("new", "old"), token)
    assert link.opened(("new",), token) is None
    assert link.opened((), token) is None


@each_link
def test_the_link_of_a_message_that_is_tried_again_is_the_same(link):
    assert link.seal("s") == link.seal("s")


@each_link
def test_nobody_reads_in_a_token_whose_it_is(link):
    token = link.seal("s").removeprefix(f"{link.purpose.version}.")
    decoded = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert not any(part in decoded for part in (b"ann", b"x.org", b"p1", b"cart", b"a1"))


@each_link
def test_a_token_is_fit_for_a_path_and_not_too_long_to_be_opened(link):
    token = link.seal("s")
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert len(token) < sealed.LONGEST


@pytest.mark.parametrize(("link", "other"), list(permutations(LINKS, 2)), ids=lambda link: link.purpose.name)
def test_a_link_for_one_purpose_is_none_for_another_whatever_it_begins_with(link, other):
    token = link.seal("s")
    assert other.opened(("s",), token) is None
    assert other.opened(("s",), token.replace(link.purpose.version, other.purpose.version, 1)) is None


@each_link
@given(data=st.data())
def test_a_token_with_any_character_changed_is_none(link, data):
    token = link.seal("s")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[at]))
    assert link.opened(("s",), token[:at] + other + token[at + 1 :]) is None


@each_link
@given(text=st.text())
def test_text_that_we_did_not_seal_opens_as_no_token(link, text):
    assert link.opened(("s",), text) is None
    assert link.opened(("s",), f"{link.purpose.version}.{text}") is None


@pytest.mark.parametrize(
    ("link", "values"),
    [pytest.param(link, values, id=f"{link.purpose.name} {values}") for link in LINKS for values in link.wrong],
)
def test_what_is_sealed_in_another_shape_opens_as_nothing(link, values):
    assert link.opened(("s",), sealed.seal("s", link.purpose, values if isinstance(values, list) else [values])) is None
