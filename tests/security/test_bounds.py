"""What one sender can make of one person is bounded, through the public doors."""

import json
import time
from random import Random
from string import ascii_letters
from typing import Any

from functions.core.profiles.bounds import MOST_TRAITS
from tests.flow.host import Host

ANN = "email:ann@x.org"


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
