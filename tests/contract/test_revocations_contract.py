"""Tokens of the API that were taken back, by id or by when they were issued."""

from functions.core.ports import Ports

NOW = 1_795_000_000


def test_a_token_that_was_taken_back_is_known_by_its_id_and_no_other_is(ports: Ports) -> None:
    assert not ports.revocations.covers("a", NOW)
    for _ in range(2):
        ports.revocations.revoke("a", NOW + 60)
    assert ports.revocations.covers("a", NOW)
    assert not ports.revocations.covers("b", NOW)
    assert not ports.revocations.covers("issued", NOW)


def test_all_tokens_up_to_an_instant_are_taken_back_and_an_earlier_instant_gives_none_back(ports: Ports) -> None:
    ports.revocations.revoke_issued(NOW)
    ports.revocations.revoke_issued(NOW - 100)
    assert ports.revocations.covers("a", NOW)
    assert not ports.revocations.covers("a", NOW + 1)
