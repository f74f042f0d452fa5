"""Exports: rows that no spreadsheet calculates, of whom a job found and of what is known of them now."""

import csv
import io
import json
from dataclasses import replace

import pytest

from functions.core.answers.exports import Columns, head, row
from functions.core.base.identity import profile_id
from functions.core.jobs.records import KEPT
from functions.core.profiles.records import Naming, ProfileAttributes, Trait
from functions.core.timelines.consents import Statements
from functions.usecases.erase import erase_people
from tests.console import NOW, order, token
from tests.unit.jobs_world import PEOPLE, crowd, deliver, messages, result, run

__all__ = ["crowd"]

PATH = "/api/segments/buyers/export"
ANN, *_ = PEOPLE


def person(**traits):
    return ProfileAttributes(
        "p1",
        traits={name: Trait(value, NOW, "test") for name, value in traits.items()},
        namings={"ann@x.org": Naming(2, NOW, True)},
        consent={"email:ann@x.org": Statements(subscribed=NOW)},
        suppression={"email:ann@x.org": ("bounce", NOW)},
    )


def read_csv(*lines):
    return list(csv.reader(io.StringIO("".join(lines), newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d"])
def test_a_cell_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe(sign):
    columns = Columns(["name"])
    assert [["p1", f"'{sign}1+1"]] == read_csv(row("csv", columns, person(name=f"{sign}1+1")))
    assert [["id", "traits.=name"]] == read_csv(head("csv", Columns(["=name"])))


def test_whatever_a_cell_holds_is_one_cell_and_numbers_are_numbers():
    odd = 'a "b", c;\r\nd \ud800'
    columns = Columns(["odd", "debt", "list", "gone"])
    line = row("csv", columns, person(odd=odd, debt=-5, list=["=1", {"a": True}]))
    assert line.endswith("\r\n")
    assert [["p1", odd.replace("\ud800", "\ufffd"), "-5", '["=1", {"a": true}]', ""]] == read_csv(line)


def test_an_address_comes_with_its_consent_and_with_what_forbids_to_write_to_it():
    columns = Columns((), addresses=True)
    expected = [["id", "email", "marketing", "suppressed"], ["p1", "ann@x.org", "subscribed", "bounce"]]
    assert expected == read_csv(head("csv", columns), row("csv", columns, person()))
    told = json.loads(row("ndjson", Columns(["age"], addresses=True), person(age=3)))
    assert dict(zip(*expected, strict=True)) | {"traits": {"age": 3}} == told
    assert ["p2", "", "none", ""] == read_csv(row("csv", columns, ProfileAttributes("p2")))[0]


def exported(world, **wanted):
    """The id of the job of an export."""
    return world.ask("POST", PATH, wanted, status=202)["job"]


def read(world, job, limit=7):
    """Every page: the ids and the whole text."""
    people, text, more = [], "", True
    place: dict[str, str] = {}
    while more:
        page = world.ask("GET", f"/api/jobs/{job}/export", limit=limit, **place)
        people += page["people"]
        text += ("" if place else page["head"]) + "".join(page["rows"])
        more, place = page["next"] is not None, {"next": page["next"]}
    return people, text


def test_every_member_is_one_row_over_all_pages(crowd, monkeypatch):
    job = exported(crowd, addresses=True)
    crowd.ask("GET", f"/api/jobs/{job}/export", status=400)
    run()
    told = result(crowd, job)
    assert (20, f"/api/jobs/{job}/export") == (told["count"], told["pages"])
    people, text = read(crowd, job)
    lines = read_csv(text)
    assert sorted(map(profile_id, PEOPLE)) == sorted(people)
    assert people == [line[0] for line in lines[1:]]
    assert sorted(name.removeprefix("email:") for name in PEOPLE) == sorted(line[1] for line in lines[1:])
    # However little an answer holds, nobody is left out and nobody comes twice.
    monkeypatch.setattr("functions.usecases.export.LARGEST_ANSWER", 100)
    assert (people, text) == read(crowd, job)


def test_a_row_says_what_is_known_when_it_is_read(crowd):
    job = exported(crowd, format="ndjson", traits=["first_name"], addresses=True)
    run()
    crowd.clock.shift(60)
    said = order(ANN, at=crowd.now(), number=8)
    crowd.tell(replace(said, traits={"first_name": "Ann"}, consent="unsubscribed"))
    _, text = read(crowd, job)
    told = {each["id"]: each for each in map(json.loads, text.splitlines())}[profile_id(ANN)]
    assert ("unsubscribed", {"first_name": "Ann"}) == (told["marketing"], told["traits"])


def test_whoever_is_erased_is_in_no_row_that_is_read_later(crowd):
    job = exported(crowd, addresses=True)
    run()
    first = crowd.ask("GET", f"/api/jobs/{job}/export", limit=1)
    gone, stays = (name for name in PEOPLE if profile_id(name) not in first["people"][:1]), first["people"]
    erased = next(gone)
    erase_people(crowd.context(), [erased])
    people, text = read(crowd, job)
    assert (19, True) == (len(people), stays[0] in people)
    assert erased.removeprefix("email:") not in text
    assert 20 == result(crowd, job)["count"]


def test_an_edit_and_a_withdrawal_meanwhile_change_nothing_and_are_told(crowd):
    job = exported(crowd)
    first, *others = messages()
    assert deliver(first)
    crowd.ask("DELETE", "/api/definitions/segments/buyers")
    assert all(map(deliver, [first, *others]))
    assert 20 == len(read(crowd, job)[0])
    assert "note" in crowd.ask("GET", f"/api/jobs/{job}")


def test_only_who_may_publish_exports_and_reads_an_export(crowd):
    crowd.ask("POST", PATH, {}, token=token("read"), status=403)
    job = exported(crowd)
    run()
    crowd.ask("GET", f"/api/jobs/{job}/export", token=token("read"), status=403)
    assert 20 == crowd.ask("GET", f"/api/jobs/{job}", token=token("read"))["result"]["count"]


def test_an_export_ends_after_its_time_and_wrong_ones_are_refused(crowd):
    job = exported(crowd)
    other = crowd.ask("GET", "/api/segments/buyers/members", status=202)["job"]
    run()
    place = crowd.ask("GET", f"/api/jobs/{job}/export", limit=1)["next"]
    crowd.ask("GET", f"/api/jobs/{other}/export", status=404)
    crowd.ask("GET", f"/api/jobs/{job}/export", next=place.replace(job, other), status=400)
    crowd.ask("POST", "/api/segments/nobody/export", {}, status=404)
    crowd.ask("POST", PATH, {"format": "xlsx"}, status=400)
    crowd.ask("POST", PATH, {"traits": "name"}, status=400)
    crowd.clock.shift(KEPT)
    crowd.ask("GET", f"/api/jobs/{job}/export", status=404)
