"""The log: what goes in comes out, once, in order, from the table and from its stream."""

import base64
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.adapters.dynamodb.log import DynamoLog
from functions.core.base.errors import Unavailable
from functions.core.base.events import Event
from functions.core.ports import Ports
from tests.aws import Aws

DAY = 86400
NUMBERS = st.integers() | st.integers(2**53, 2**80) | st.decimals(allow_nan=False, allow_infinity=False)
TEXTS = st.text() | st.text(st.characters(categories=["Cs", "Lu"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(), JSON, max_size=5)
SOME_NAMES = st.lists(st.sampled_from(["anonymous_id:a1", "user_id:42", "shopify:7", "email:b@x.org"]), unique=True)
QUIET = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# Far from now: the emulator drops rows once they have expired.
THEN = 2_000_000_000


def event(sort: str = "2026-11-21T10:00:00.000Z#m1", **changes: Any) -> Event:
    return replace(Event("Order Completed", 100, THEN, ("email:ann@x.org",), sort, "shopify"), **changes)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event, in a partition that no other has."""
    names = draw(SOME_NAMES)
    names.insert(draw(st.integers(0, len(names))), f"email:a{uuid4().hex}@x.org")
    return Event(
        name=draw(st.sampled_from(["Order Completed", "Été ✓"])),
        time=draw(st.integers(0, 2**33)),
        received=draw(st.integers(THEN, 2**33)),
        identifiers=tuple(names),
        sort=f"2026-11-21T10:00:00.000Z#{uuid4()}",
        source="segment",
        properties=draw(OBJECTS),
        traits=draw(OBJECTS),
        consent=draw(st.sampled_from([None, "subscribed", "pending", "unsubscribed"])),
        undated=draw(st.booleans()),
        suppression=draw(st.sampled_from([None, "bounce", "complaint"])),
        natural=draw(st.none() | st.text(min_size=1)),
        revision=draw(st.integers(0, 2**33)),
    )


class Stream:
    """What the log's stream shows, from its beginning.

    Events of one call are written side by side. moto numbers records by counting, so two may get one number, and then
    it returns the second for ever: a record that was returned before is passed over.
    """

    def __init__(self, place: Aws, table: str) -> None:
        self._client = place.clients.get("dynamodbstreams")
        arn = place.clients.get("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
        shards = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        request = {"StreamArn": arn, "ShardId": shards[0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        self._iterator = self._client.get_shard_iterator(**request)["ShardIterator"]
        self._returned: set[str] = set()

    def records(self) -> list[dict]:
        """The records since the last call."""
        found: list[dict] = []
        while True:
            answer = self._client.get_records(ShardIterator=self._iterator, Limit=1000)
            self._iterator = answer["NextShardIterator"]
            fresh = [record for record in answer["Records"] if record["eventID"] not in self._returned]
            if not fresh:
                return found
            found += fresh
            self._returned.update(record["eventID"] for record in fresh)


def as_lambda_sends(image: dict) -> dict:
    """The image as JSON carries it: binary as base64."""
    return json.loads(json.dumps(image, default=lambda raw: base64.b64encode(bytes(raw)).decode()))


def test_an_event_survives_the_way_into_the_log_and_out(ports: Ports) -> None:
    @QUIET
    @given(events())
    def survives(written: Event) -> None:
        assert ports.log.append([written]) == 1
        assert [repr(written)] == list(map(repr, ports.log.read(written.identifier)))

    survives()


def test_an_event_survives_the_way_through_the_stream(place: Aws, ports: Ports, environment: dict[str, str]) -> None:
    stream = Stream(place, environment["TABLE_LOG"])

    @QUIET
    @given(st.lists(events(), min_size=1, max_size=3))
    def survives(written: list[Event]) -> None:
        ports.log.append(written)
        records = stream.records()
        images = [record["dynamodb"]["NewImage"] for record in records]
        assert {"INSERT"} == {record["eventName"] for record in records}
        expected = sorted(map(repr, written))
        assert expected == sorted(repr(DynamoLog.from_image(image)) for image in images)
        assert expected == sorted(repr(DynamoLog.from_image(as_lambda_sends(image))) for image in images)

    survives()


def test_what_was_received_within_a_span_is_found_in_pages_and_lanes(ports: Ports) -> None:
    begin = THEN + 1_000_000 + uuid4().int % 1_000_000_000 * 10
    written = [
        event(f"{number}#m", received=begin + number % 4, identifiers=(f"user_id:{uuid4()}",)) for number in range(40)
    ]
    ports.log.append(written)
    found: list[Event] = []
    for lane in range(3):
        start: str | None = None
        while True:
            page = ports.log.received(begin + 1, begin + 2, start, lane=lane, of=3)
            found += page.events
            if (start := page.next) is None:
                break
    wanted = [each for each in written if each.received in (begin + 1, begin + 2)]
    assert sorted(each.id for each in wanted) == sorted(each.id for each in found)


def test_the_first_write_of_a_key_wins_and_a_repetition_is_not_in_the_stream(
    place: Aws, ports: Ports, environment: dict[str, str]
) -> None:
    stream = Stream(place, environment["TABLE_LOG"])
    first, second = event(properties={"total": 1}), event(properties={"total": 2})
    assert ports.log.append([first]) == 1
    assert ports.log.append([second]) == 0
    assert list(ports.log.read(first.identifier)) == [first]
    assert len(stream.records()) == 1


def test_of_one_batch_the_first_event_of_a_key_wins(ports: Ports) -> None:
    first, second, other = event(revision=1), event(revision=2), event(sort="2026-11-21T10:00:01.000Z#m2")
    assert ports.log.append([first, second, other]) == 2
    assert list(ports.log.read(first.identifier)) == [first, other]


def test_events_are_read_oldest_first_from_an_instant_on(ports: Ports) -> None:
    written = [event(f"1970-01-01T00:00:{second:02}.500Z#m{second}") for second in range(12)]
    assert ports.log.append(list(reversed(written))) == 12
    assert list(ports.log.read("email:ann@x.org")) == written
    assert list(ports.log.read("email:ann@x.org", since=5)) == written[5:]
    assert list(ports.log.read("email:bob@x.org")) == []


def test_a_partition_of_more_than_one_page_is_read_whole(ports: Ports) -> None:
    incompressible = "".join(uuid4().hex for _ in range(2500))
    written = [event(f"2026-11-21T10:00:{n:02}.000Z#m{n}", properties={"text": incompressible}) for n in range(25)]
    assert ports.log.append(written) == 25
    assert list(ports.log.read("email:ann@x.org")) == written
    assert ports.log.erase("email:ann@x.org") == 25
    assert list(ports.log.read("email:ann@x.org")) == []


def test_several_partitions_are_read_whole_in_the_order_of_their_names(ports: Ports) -> None:
    names = [f"anonymous_id:d{number}" for number in range(40)]
    incompressible = "".join(uuid4().hex for _ in range(2500))
    written = {
        name: [
            event(f"2026-11-21T10:00:{n:02}.000Z#{name}", identifiers=(name,), properties={"text": incompressible[n:]})
            for n in range(15 if name.endswith("d7") else 2)
        ]
        for name in names
    }
    for each in written.values():
        ports.log.append(each)
    asked = [*reversed(names), "anonymous_id:nobody", names[3]]
    expected = [(name, written[name]) for name in reversed(names)]
    assert expected == list(ports.log.read_several(asked).items())
    later = ports.log.read_several(names, since=1795255201)
    assert [(name, written[name][1:]) for name in names] == list(later.items())
    assert {} == ports.log.read_several([])


def test_one_partition_that_cannot_be_read_fails_all_and_leaves_no_thread(
    place: Aws, ports: Ports, environment: dict[str, str]
) -> None:
    names = [f"anonymous_id:d{number}" for number in range(40)]
    ports.log.append([event(identifiers=(name,)) for name in names])
    begun: list[str] = []

    def refuse(params: dict, **_: object) -> None:
        begun.append(params["ExpressionAttributeValues"][":pk"]["S"])
        if begun[-1] == names[5]:
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "Query")

    client = place.clients.get("dynamodb")
    client.meta.events.register("provide-client-params.dynamodb.Query", refuse)
    try:
        with pytest.raises(Unavailable):
            ports.log.read_several(names)
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.Query", refuse)
    assert [] == [each.name for each in threading.enumerate() if each.name.startswith("dynamodb-read")]
    assert len(names) == len(ports.log.read_several(names))


def test_erasing_leaves_other_partitions(ports: Ports) -> None:
    bob = event(identifiers=("email:bob@x.org",))
    ports.log.append([event(), bob])
    assert ports.log.erase("email:ann@x.org") == 1
    assert ports.log.erase("email:ann@x.org") == 0
    assert list(ports.log.read("email:bob@x.org")) == [bob]


def test_erasing_spans_leaves_what_happened_outside_of_them(ports: Ports) -> None:
    written = [replace(event(f"2026-11-21T10:00:0{n}.000Z#m{n}"), time=n) for n in range(6)]
    ports.log.append(written)
    assert ports.log.erase("email:ann@x.org", [(1, 3), (5, None)]) == 3
    assert [0, 3, 4] == [each.time for each in ports.log.read("email:ann@x.org")]
    assert ports.log.erase("email:ann@x.org", []) == 0


def test_chosen_events_are_removed_and_the_others_stay(ports: Ports) -> None:
    written = [event(f"2026-11-21T10:00:0{n}.000Z#m{n}") for n in range(4)]
    ports.log.append(written)
    assert ports.log.remove(written[1:3]) == 2
    assert list(ports.log.read("email:ann@x.org")) == [written[0], written[3]]
    assert ports.log.remove([]) == 0


def test_an_event_expires_after_the_retention(place: Aws, ports: Ports, environment: dict[str, str]) -> None:
    ports.log.append([event(received=THEN + 1000)])
    items = place.clients.get("dynamodb").scan(TableName=environment["TABLE_LOG"])["Items"]
    assert [{"N": str(THEN + 1000 + 730 * DAY)}] == [item["ttl"] for item in items]


def test_a_write_that_fails_is_told_after_the_others_were_written(place: Aws, ports: Ports) -> None:
    written = [event(f"2026-11-21T10:00:{n:02}.000Z#m{n}") for n in range(9)]

    def refuse(params: dict, **_: object) -> None:
        if params["Item"]["sk"]["S"] == written[3].sort:
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")

    events_of_client = place.clients.get("dynamodb").meta.events
    events_of_client.register("provide-client-params.dynamodb.PutItem", refuse)
    try:
        with pytest.raises(Unavailable):
            ports.log.append(written)
    finally:
        events_of_client.unregister("provide-client-params.dynamodb.PutItem", refuse)
    assert list(ports.log.read("email:ann@x.org")) == [each for each in written if each != written[3]]
    assert ports.log.append(written) == 1


def test_a_number_keeps_its_digits(ports: Ports) -> None:
    numbers = {"id": 9007199254740993, "rate": Decimal("1.10"), "whole": Decimal("5"), "huge": Decimal("1E+400")}
    ports.log.append([event(properties=numbers)])
    found = next(iter(ports.log.read("email:ann@x.org"))).properties
    assert repr(numbers) == repr(dict(found))


def test_nothing_to_append_is_nothing(ports: Ports) -> None:
    assert ports.log.append([]) == 0


def test_events_that_are_removed_are_gone_and_others_stay(ports: Ports) -> None:
    gone, kept = event(), event("2026-11-21T10:00:00.000Z#m2")
    ports.log.append([gone, kept])
    ports.log.remove([gone, event("2026-11-21T10:00:00.000Z#m3")])
    ports.log.remove([])
    assert [kept] == list(ports.log.read("email:ann@x.org"))


def test_what_is_held_back_is_named_no_more_and_the_event_stays_the_same_row(ports: Ports) -> None:
    told = event(identifiers=("user_id:1", "email:ann@x.org", "anonymous_id:d1"))
    ports.log.append([told])
    ports.log.hold_back(told, ("user_id:1", "anonymous_id:d1"))
    (read,) = ports.log.read("email:ann@x.org")
    assert replace(told, identifiers=("email:ann@x.org",)) == read
    assert 0 == ports.log.append([told])
    ports.log.hold_back(event("2026-11-21T10:00:00.000Z#gone"), ("user_id:1",))
    assert 1 == len(list(ports.log.read("email:ann@x.org")))


def test_of_what_is_too_much_to_read_at_once_the_newest_are_read_from_one_place_on(ports: Ports) -> None:
    long, short = f"email:{uuid4().hex}@x.org", f"email:{uuid4().hex}@x.org"
    sorts = [f"2026-11-21T10:{minute:02}:00.000Z#m" for minute in range(60)]
    of_long = [event(sort, identifiers=(long,)) for sort in sorts]
    of_short = [event(sort, identifiers=(short,)) for sort in sorts[::20]]
    ports.log.append([*of_long, *of_short])
    assert ({long: of_long, short: of_short}, True) == ports.log.read_newest([long, short])
    bounded: Any = ports.log
    with pytest.MonkeyPatch.context() as patch:
        if isinstance(bounded, DynamoLog):
            patch.setattr("functions.adapters.dynamodb.log._NEWEST", 10)
            patch.setattr(bounded, "_most", 25)
        else:
            patch.setattr(bounded, "page", 10)
            patch.setattr(bounded, "most", 25)
        events, complete = ports.log.read_newest([long, short, "email:nobody@x.org"])
        assert not complete
        assert {long: of_long[30:], short: of_short[2:]} == events
        assert ({short: of_short}, True) == ports.log.read_newest([short])
        since = int(datetime(2026, 11, 21, 10, 50, tzinfo=UTC).timestamp())
        assert ({long: of_long[50:]}, True) == ports.log.read_newest([long, short], since)
