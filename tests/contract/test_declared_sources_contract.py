"""The sources that a shop declares: they change with what is current, or not at all."""

import pytest

from functions.core.base.errors import Conflict
from functions.core.definitions.records import Definition
from functions.core.ports import Ports

BODY = {"id": "till", "signature": {"scheme": "basic"}, "events": [{"event": "X", "person": {"email": "é"}}]}
TILL = Definition("sources", "till", 0, "text of the till", BODY, "ann", 1_795_288_320)
SEGMENT = Definition("segments", "vip", 0, "text", {"id": "vip", "when": {}}, "ann", 1_795_288_320)


def withdrawn(name: str) -> Definition:
    return Definition("sources", name, 0, "", {}, "ann", 1_795_288_320, withdrawn=True)


def test_there_are_none_at_first(ports: Ports) -> None:
    assert {} == ports.declared_sources.all()


def test_what_is_published_is_there_by_its_body_alone(ports: Ports) -> None:
    form = Definition("sources", "form", 0, "text", {**BODY, "id": "form"}, "ann", 1_795_288_320)
    ports.definitions.publish_together([TILL, SEGMENT, form])
    assert {"till": BODY, "form": {**BODY, "id": "form"}} == ports.declared_sources.all()


def test_the_latest_version_is_there_and_a_withdrawn_one_is_remembered(ports: Ports) -> None:
    ports.definitions.publish(TILL)
    ports.definitions.publish(Definition("sources", "till", 0, "t", {**BODY, "largest": 7}, "ann", 1_795_288_321))
    ports.definitions.publish(Definition("sources", "form", 0, "t", {**BODY, "id": "form"}, "ann", 1_795_288_321))
    ports.definitions.publish(withdrawn("form"))
    assert {"till": {**BODY, "largest": 7}, "form": None} == ports.declared_sources.all()


def test_a_publication_that_is_refused_changes_nothing(ports: Ports) -> None:
    ports.definitions.publish(SEGMENT)
    with pytest.raises(Conflict):
        ports.definitions.publish(TILL, revision=7)
    assert [SEGMENT.address] == [each.address for each in ports.definitions.current()]
    form = {**BODY, "id": "form"}
    ports.definitions.publish(Definition("sources", "form", 0, "text", form, "ann", 1_795_288_320), revision=1)
    assert {"form": form} == ports.declared_sources.all()
