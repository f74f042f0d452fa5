"""Definitions of sources: refused with the place of each fault, and only taken with samples that come out."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.__main__ import main
from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.source import RESERVED
from functions.core.segments.language.event_labels import PLAIN
from functions.sources import SOURCES
from functions.topology import DECLARED
from tests.declared import FORM, GOLDEN, TILL


def faults(text: str, name: str = "till") -> list[tuple[str, str]]:
    try:
        check("sources", name, text, ())
    except DefinitionRefused as refused:
        assert all(fault.line for fault in refused.faults)
        return [(fault.where, fault.message) for fault in refused.faults]
    return []


def test_a_source_is_stored_without_its_samples() -> None:
    body = check("sources", "till", TILL, ())
    assert {"id", "name", "signature", "identity", "ignore", "events"} == body.keys()
    assert "webhooks that become Store Purchase" == kind_of("sources").sentence(body, PLAIN)


FIRST = "samples[0].expect[0]"
WRONG = [
    ("total: 1250", "total: 12.50", f"{FIRST}.properties.total", "the body gives 1250"),
    ('id: "7", total', 'id: "8", total', f"{FIRST}.properties.order_id", 'the body gives "7"'),
    ("18:00:00Z, person", "18:00:01Z, person", f"{FIRST}.time", "the body gives"),
    ('["email:ann@example.org"]', '["email:bob@example.org"]', f"{FIRST}.person", "email:ann@example.org"),
    ("{event: Store Purchase, time", "{event: Order Completed, time", f"{FIRST}.event", '"Store Purchase"'),
    ("expect: []", "expect: [{event: X}]", "samples[1].expect", "the body becomes nothing"),
    ("type: ping}", "type: pong}", "samples[1].body", "this becomes nothing"),
    ("type == 'sale'", "type == 'sail'", "events[0]", "no sample becomes this event"),
    ("money(total,", "money(type,", "samples[0].body", "events[0].properties.total: money() was given"),
    ("instant(sold_at)", "instnt(sold_at)", "events[0].time", "there is no function instnt()"),
    ("scheme: hmac-sha256", "scheme: none", "signature.scheme", "scheme is hmac-sha256, standard-webhooks"),
    ("header: X-Till-Signature, ", "", "signature.header", "in which header does it stand?"),
    ("encoding: hex", "tolerance: 3", "signature.tolerance", "does not belong to hmac-sha256"),
    ("header: X-Till-Signature", "header: 'X Till'", "signature.header", "letters, digits and hyphens"),
    ("person: {email", "person: {mail", "events[0].person", "'mail' is no kind of identifier"),
    ("identity: receipt.id", "largest: 2000000", "largest", "a number of bytes from 1 to 1000000"),
    ("identity: receipt.id", "trust: server", "trust", "trust is signed or public"),
    ("identity: receipt.id", "secret: hush", "secret", "'secret' is not part of a source"),
]


@pytest.mark.parametrize(("right", "wrong", "where", "says"), WRONG)
def test_a_wrong_source_is_refused_in_its_place(right: str, wrong: str, where: str, says: str) -> None:
    assert right in TILL
    found = faults(TILL.replace(right, wrong, 1))
    assert any(place == where and says in message for place, message in found), found


def test_a_source_without_samples_is_refused() -> None:
    assert [("samples", "samples are a list of 1 to 40 bodies with what to expect")] == faults(
        TILL.split("samples:")[0]
    )


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_source_takes_no_name_that_segue_has(name: str) -> None:
    assert [("id", f"'{name}' is the name of a source that Segue has")] == faults(
        TILL.replace("id: till", f"id: {name}"), name
    )


def test_every_source_of_ours_and_the_word_for_all_declared_ones_are_reserved() -> None:
    assert RESERVED == SOURCES.keys() | {DECLARED}


@pytest.mark.parametrize("namespace", ["shopify", "stripe", "shopify_cart"])
def test_the_public_names_nobody_by_an_account_of_a_storefront(namespace: str) -> None:
    text = FORM.replace("user_id: account", f"{namespace}: account")
    assert [
        (f"events[0].person.{namespace}", "the public names people by email, user_id, anonymous_id alone")
    ] == faults(text, "form")
    assert [] == faults(text.replace("trust: public", "trust: signed"), "form")


def test_a_shop_declares_fifty_sources_and_no_more() -> None:

    there = [
        Definition("sources", f"s{number}", 1, "", {"id": f"s{number}", "events": []}, "", 0) for number in range(50)
    ]
    with pytest.raises(DefinitionRefused, match="at most 50"):
        check("sources", "till", TILL, there)
    assert check("sources", "till", TILL, there[1:])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code = main(["source", "try", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_body_is_tried_before_there_is_a_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (draft := tmp_path / "till.yaml").write_text(TILL.split("samples:")[0])
    code, answer = told(capsys, str(draft), "--sample", str(GOLDEN / "sale.json"))
    assert (0, "8", ["Store Purchase"]) == (code, answer["id"], [event["event"] for event in answer["events"]])
    assert {"order_id": "8", "total": 9990, "currency": "EUR"} == answer["events"][0]["properties"]


def test_what_is_wrong_is_told_with_its_line_in_the_definition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (body := tmp_path / "body.json").write_text('{"type": "sale", "total": "a lot", "currency": "EUR"}')
    code, answer = told(capsys, str(GOLDEN / "till.yaml"), "--sample", str(body))
    places = {fault["where"]: fault["line"] for fault in answer["faults"]}
    assert (1, 11, 10) == (code, places["events[0].properties.total"], places["events[0].person"])
    body.write_text("{")
    code, answer = told(capsys, str(GOLDEN / "till.yaml"), "--sample", str(body))
    assert (1, ["body"]) == (code, [fault["where"] for fault in answer["faults"]])


def test_what_a_body_gives_is_printed_as_a_sample_that_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = TILL.split("samples:")[0]
    (path := tmp_path / "till.yaml").write_text(draft)
    assert 0 == main(["source", "try", str(path), "--sample", str(GOLDEN / "sale.json"), "--as-sample"])
    assert [] == faults(f"{draft}samples:\n{capsys.readouterr().out}")


def test_a_wrong_definition_and_a_missing_file_stop_the_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / "till.yaml").write_text(TILL.replace("instant(", "instnt("))
    assert 1 == main(["source", "try", str(path), "--sample", str(GOLDEN / "sale.json")])
    assert f"{path}:9:11: there is no function instnt() (did you mean instant" in capsys.readouterr().err
    assert 2 == main(["source", "try", str(GOLDEN / "till.yaml"), "--sample", "nowhere.json"])
