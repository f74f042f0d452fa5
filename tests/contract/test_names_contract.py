"""Names that were seen: remembered once, up to a bound, and for nothing once they are known."""

import pytest

from functions.core.base.errors import Unavailable
from functions.core.definitions.vocabulary import seen
from functions.core.ports import Ports
from tests.aws import Aws


def names(*events: str, properties: tuple[str, ...] = ()) -> seen.Names:
    found = {"events": frozenset(events), "properties": frozenset(properties)}
    return dict.fromkeys(seen.SORTS, frozenset[str]()) | found


def test_names_that_are_noted_are_returned(ports: Ports) -> None:
    assert names() == ports.names.all()
    ports.names.note(names("A", "B", properties=("p",)))
    ports.names.note(names("C"))
    assert names("A", "B", "C", properties=("p",)) == ports.names.all()


def test_what_is_known_costs_no_call(place: Aws, ports: Ports) -> None:
    ports.names.note(names("A"))
    calls: list[str] = []
    events = place.clients.get("dynamodb").meta.events

    def count(model: object, **_: object) -> None:
        calls.append(str(model))

    events.register("before-call.dynamodb", count)
    try:
        ports.names.note(names("A"))
        assert [] == calls
        ports.names.note(names("A", "B"))
        assert 1 == len(calls)
    finally:
        events.unregister("before-call.dynamodb", count)


def test_no_more_than_the_bound_is_remembered_and_a_full_row_is_left_alone(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("functions.adapters.dynamodb.names", "tests.fakes.names"):
        monkeypatch.setattr(f"{module}.MOST", dict.fromkeys(seen.SORTS, 3))
    ports.names.note(names("A", "B"))
    ports.names.note(names("C", "D", "E"))
    assert names("A", "B", "C") == ports.names.all()
    ports.names.note(names("F"))
    assert names("A", "B", "C") == ports.names.all()


def test_a_row_that_others_filled_stays_as_it_is(ports: Ports, environment: dict[str, str], place: Aws) -> None:
    ports.names.note(names("A"))
    numbers = [str(number) for number in range(seen.MOST["events"])]
    place.clients.get("dynamodb").put_item(
        TableName=environment["TABLE_NAMES"], Item={"pk": {"S": "events"}, "n": {"SS": numbers}}
    )
    ports.names.note(names("B"))
    assert seen.MOST["events"] == len(ports.names.all()["events"])


def test_a_table_that_is_not_there_is_unavailable(ports: Ports, environment: dict[str, str], place: Aws) -> None:
    place.clients.get("dynamodb").delete_table(TableName=environment["TABLE_NAMES"])
    with pytest.raises(Unavailable):
        ports.names.note(names("A"))
