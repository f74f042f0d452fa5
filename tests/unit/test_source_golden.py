"""tests/golden/sources/<source>/*.json: what each sender says, and the events it becomes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.core.base.errors import NotUnderstood, Refused
from functions.core.base.identity import namespace
from functions.core.base.rfc3339 import text
from functions.core.base.task_codec import encode
from functions.core.base.tasks import Task
from functions.core.base.translation import Request, Translation
from functions.sources import SOURCES
from functions.sources.base import Source
from functions.sources.bodies import write_json
from functions.sources.event_parts import digest

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
CASES = [
    pytest.param(path.parent.name, case, id=f"{path.parent.name}: {case['case']}")
    for path in sorted(GOLDEN.glob("*/*.json"))
    for case in json.loads(path.read_text())
]
RECEIVED = 1_795_288_320  # 2026-11-21T19:12:00Z


@pytest.mark.parametrize(("source", "case"), CASES)
def test_each_golden_request_gives_its_events(source: str, case: dict[str, Any]) -> None:
    assert case["expect"] == outcome(SOURCES[source], case)


def outcome(source: Source, case: dict[str, Any]) -> dict[str, Any]:
    """What the source makes of a case's request."""
    body = case["body"].encode() if isinstance(case["body"], str) else json.dumps(case["body"]).encode()
    request = Request(
        body,
        case.get("headers", {}),
        case.get("route", ""),
        RECEIVED,
        case.get("currency", "EUR"),
        trust=case.get("trust", "signed"),
        shops=tuple(case.get("shops", ())),
    )
    try:
        told = _told(source.translate(request))
        for event in told.get("events", ()):
            event["sort"] = event["sort"].replace(digest(body), "<digest of the body>")
    except NotUnderstood as error:
        told = {"not understood": error.reason}
    except Refused as error:
        told = {"refused": [f"{fault.where}: {fault.message}" for fault in error.faults]}
    return told


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_source_names_people_by_the_namespaces_that_it_declares(source: Source) -> None:
    cases: list[Any] = [each.values[1] for each in CASES if each.values[0] == source.name]
    found = {name for case in cases for event in case["expect"].get("events", ()) for name in event["identifiers"]}
    assert set(source.namespaces) == {namespace(name) for name in found}


def test_a_source_with_an_unknown_namespace_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match=r"'shopify' names people by loyalty_card; .* has email, user_id"):
        replace(SOURCES["shopify"], namespaces=("email", "loyalty_card"))


def _told(translation: Translation) -> dict[str, Any]:
    """The translation as JSON, without what is empty or said by the case itself."""
    told = {
        "events": [_event(event) for event in translation.events],
        "products": [_fields(product) for product in translation.products],
        "erasures": [_task(task) for task in translation.erasures],
        "shop_erasure": translation.shop_erasure,
        "reports": [_fields(report) for report in translation.reports],
        "unclear": [part.reason for part in translation.unclear],
        "unused": translation.unused,
    }
    return {name: value for name, value in told.items() if value}


def _task(task: Task) -> dict[str, Any]:
    return {name: value for name, value in json.loads(encode(task)).items() if value is not None}


def _event(event: Any) -> dict[str, Any]:
    fields = _fields(event)
    return {**fields, "time": text(fields["time"])} | {"identifiers": list(event.identifiers)}


def _fields(record: Any) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__slots__ if name not in ("received", "source")}
    return {
        name: json.loads(write_json(_plain(value)))
        for name, value in values.items()
        if value not in (None, "", 0, {}, ()) and (name, value) != ("trust", "signed")
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
