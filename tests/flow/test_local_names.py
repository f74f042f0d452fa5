"""What the local page calls people and things by, and a segment as it shows it, through the host's own doors."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.core.definitions.kinds import KINDS
from tests.flow.host import Host, opened

PAGE = Path(__file__).parents[2] / "local/http/page"
SCORE = 'id: warmth\nname: Warmth\nrules:\n  - +10 when did "Page Viewed" within 7 days\ntiers: {cold: 0, warm: 10}\n'


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Three people, one of whom has no name and one whose two profiles became one."""
    with opened() as host:
        host.publish("scores", "warmth", SCORE)
        host.publish("segments", "lookers", 'id: lookers\nname: Lookers\nwhen: did "Page Viewed" within 7 days\n')
        host.segment(
            "identify", {"userId": "1", "traits": {"email": "ann@x.org", "first_name": "Ann", "last_name": "Ärcher"}}
        )
        host.segment("identify", {"userId": "2", "traits": {"email": "ben@x.org"}})
        host.segment("page", {"anonymousId": "a3", "name": "Home"})
        host.settle()
        yield host


def test_people_are_named_by_their_own_name_else_by_an_address_else_by_an_identifier(host: Host) -> None:
    people = host.local("GET", "people")["people"]
    assert ["Ann Ärcher", "anonymous_id:a3", "ben@x.org"] == sorted(person["name"] for person in people)


@pytest.mark.parametrize(
    ("sought", "names"), [("ÄRCH", ["Ann Ärcher"]), ("ben@", ["ben@x.org"]), ("x.org", 2), ("nobody", [])]
)
def test_people_are_found_by_a_part_of_a_name_or_identifier_however_it_is_written(
    host: Host, sought: str, names: Any
) -> None:
    found = [person["name"] for person in host.local("GET", f"people?q={sought}")["people"]]
    assert names == (len(found) if isinstance(names, int) else found)


def test_who_was_merged_is_named_as_the_person_that_they_became(host: Host) -> None:
    before = host.profile("anonymous_id:a3")
    assert before is not None
    host.segment("identify", {"userId": "2", "anonymousId": "a3", "traits": {"first_name": "Ben"}})
    host.settle()
    named = host.local("POST", "people", {"profiles": [before["id"], "nobody"]})
    assert ["Ben"] == [person["name"] for person in named.values()]


@pytest.mark.parametrize("body", [{}, {"profiles": "p1"}, {"profiles": [1]}, {"profiles": [""]}])
def test_profiles_that_are_no_list_of_ids_are_refused(host: Host, body: Any) -> None:
    answer = host.request("POST", "/_local/people", body)
    assert 400 == answer.status
    assert "profiles" == json.loads(answer.body)["faults"][0]["where"]


def test_what_is_published_has_its_name_tiers_among_the_segments(host: Host) -> None:
    names = host.local("GET", "names")
    assert ("Lookers", "Warmth: warm") == (names["segments"]["lookers"], names["segments"]["warmth-warm"])
    assert "EUR" == names["currency"]
    assert {"total", "price"} <= set(names["money"])


def test_the_page_has_a_word_for_every_kind_of_definition_that_can_be_withdrawn() -> None:
    told = re.search(r"const KINDS = \{(.*?)\}", (PAGE / "withdraw.js").read_text())
    assert told
    assert set(KINDS) == set(re.findall(r"(\w+):", told[1]))


@pytest.mark.parametrize(("segment", "score"), [("lookers", None), ("warmth-warm", {"id": "warmth", "name": "Warmth"})])
def test_a_segment_or_tier_comes_with_its_text_and_its_members_by_name(
    host: Host, segment: str, score: str | None
) -> None:
    found = host.local("GET", f"segments/{segment}")
    assert (1, score, None) == (found["count"], found["score"], found["next"])
    (member,) = found["members"]
    assert member["name"] in ("anonymous_id:a3", "Ben")
    assert None not in (member["since"], member["until"])
    assert "Page Viewed" in found["text"]


def test_an_unknown_segment_is_refused_as_by_the_api(host: Host) -> None:
    answer = host.request("GET", "/_local/segments/lookrs")
    assert 404 == answer.status
    assert "lookers" in json.loads(answer.body)["faults"][0]["suggestion"]
