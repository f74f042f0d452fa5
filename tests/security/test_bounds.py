"""What one sender can make of one person is bounded, through the public doors."""

import json
import time
from random import Random
from string import ascii_letters
from typing import Any

from functions.core.profiles.bounds import MOST_TRAIT_BYTES, MOST_TRAITS
from tests.flow import shop
from tests.flow.crash_stories.erasure import TABLES
from tests.flow.host import Host

ANN = "email:ann@x.org"
# The rest of a device's id that is as long as it may be, each character of which JSON escapes.
DEVICE = '"' * 508


def identify(number: int) -> dict[str, Any]:
    """A call with 28 traits of 1,000 characters that do not compress and that no other call names."""
    letters = Random(number).choices(ascii_letters, k=28_000)
    traits = {f"t{number}-{place}": "".join(letters[1_000 * place :][:1_000]) for place in range(28)}
    return {
        "userId": "u1",
        "messageId": f"m{number}",
        "traits": {**traits, "email": "ann@x.org"},
    }


def test_a_profile_that_was_sent_five_hundred_long_traits_is_written_and_goes_on(host: Host) -> None:
    for number in range(18):
        assert 200 == host.segment("identify", identify(number)).status
    host.clock.advance("1m")
    assert 200 == host.segment("identify", {"userId": "u1", "messageId": "last", "traits": {"city": "Cork"}}).status
    host.settle()
    ann = host.profile(ANN)
    assert ann is not None
    assert MOST_TRAITS == len(ann["traits"])
    assert "Cork" == ann["traits"]["city"]


def test_what_is_left_out_is_said_with_its_limit_and_how_much_it_is(host: Host) -> None:
    for number in range(5):
        assert 200 == host.segment("identify", identify(number)).status
    assert 200 == host.segment("identify", {"userId": "u1", "messageId": "l", "traits": {"long": "x" * 3_000}}).status
    host.settle()
    ann = host.profile(ANN)
    assert ann is not None
    bounds = {bound["limit"]: (bound["most"], bound["left_out"]) for bound in ann["bounds"]}
    assert {"traits": (MOST_TRAITS, 5 * 28 + 1 - MOST_TRAITS), "trait_bytes": (MOST_TRAIT_BYTES, 1)} == bounds
    explained = json.loads(host.api("GET", f"profiles/{ann['id']}/explain/engagement-warm").body)
    assert ann["bounds"] == explained["bounds"]


def test_the_public_key_freezes_nobody_and_displaces_nothing_that_the_shop_says(host: Host) -> None:
    said = {"email": "ann@x.org", "first_name": "Ann", "city": "Cork"}
    for number in range(18):
        claim = {**identify(number), "anonymousId": "phone"}
        assert 200 == host.segment("identify", claim, "write_key").status
    login = {"userId": "u1", "anonymousId": "phone", "messageId": "login", "traits": said}
    assert 200 == host.segment("identify", login).status
    for number in range(18, 36):
        assert 200 == host.segment("identify", {**identify(number), "anonymousId": "phone"}, "write_key").status
    host.settle()
    assert 200 == host.segment("identify", {"userId": "u1", "messageId": "move", "traits": {"city": "Galway"}}).status
    host.settle()
    ann = host.profile(ANN)
    assert ann is not None
    assert ("Ann", "Galway") == (ann["traits"]["first_name"], ann["traits"]["city"])
    assert MOST_TRAITS == len(ann["traits"])


def test_a_person_with_hundreds_of_long_names_is_written_shown_and_erased(bare: Host) -> None:
    buyer = {"userId": "u1", "traits": {"email": shop.ANN.email}}
    for start in range(0, 200, 20):
        logins = [
            {"type": "identify", **buyer, "anonymousId": f"{each:04d}{DEVICE}", "messageId": f"d{each}"}
            for each in range(start, start + 20)
        ]
        assert 200 == bare.segment("batch", {"batch": logins}).status
    bare.settle()
    look = {"event": "Product Viewed", "anonymousId": f"0199{DEVICE}", "messageId": "look"}
    assert 200 == bare.segment("track", look).status
    bare.settle()
    ann = bare.profile("user_id:u1")
    assert ann is not None
    (bound,) = ann["bounds"]
    assert ("identifiers", 202) == (bound["limit"], bound["left_out"] + len(ann["identifiers"]))
    assert 100 < bound["left_out"] < 200
    assert 201 == json.loads(bare.api("GET", f"profiles/{ann['id']}/events?limit=1").body)["count"]
    assert 200 == bare.webhook("customers/redact", shop.redact(shop.ANN)).status
    bare.clock.advance("1h")
    assert [] == [row for table in TABLES for row in bare.inner.rows(table, 500)]


def test_a_person_with_a_thousand_looks_is_shown_in_no_time(host: Host) -> None:
    for start in range(0, 1_000, 50):
        looks = [
            {"type": "track", "event": "Product Viewed", "userId": "u1", "messageId": f"v{start + each}",
             "properties": {"product_id": f"p{each}"}}
            for each in range(50)
        ]  # fmt: skip
        assert 200 == host.segment("batch", {"batch": looks}).status
    host.settle()
    begin = time.process_time()
    answer = host.api("GET", "profiles?identifier=user_id:u1")
    assert 200 == answer.status
    # 137 seconds when every event evaluated every step of the score.
    assert time.process_time() - begin < 30
    profile = json.loads(answer.body)
    assert 200 == host.api("GET", f"profiles/{profile['id']}/explain/engagement-warm").status
