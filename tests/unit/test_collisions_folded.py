"""Short keys that collide, from the log through fold: what is read again, and what is refused when it is published."""

from dataclasses import replace
from itertools import count

from functions.core.base.rfc3339 import text as rfc3339
from functions.core.profiles.state import segment_hash
from functions.core.timelines.event_keys import event_key
from functions.core.timelines.spec import TimelineSpec
from functions.usecases import profile_session
from functions.usecases.fold import fold
from tests.console import ANN, DAY, HOUR, NOW
from tests.unit.colliding import ORDERS, alike, counted, ordered, viewed

SEGMENTS = ("segment-4067", "segment-73584")
VIEWS = 'id: views\nname: Views\nwhen: did "Product Viewed" at least 2 times within 30 days\n'
MANY = 'id: views\nname: Views\nwhen: did "Product Viewed" at least 9 times within 30 days\n'


def seen(message, at=NOW - HOUR):
    return viewed(message, at=at, who=ANN)


class Reads:
    """A log that counts how often it is read."""

    def __init__(self, log):
        self.log, self.since = log, []

    @property
    def count(self):
        return len(self.since)

    def read_newest(self, identifiers, since=0):
        names = list(identifiers)
        self.since += [since] * len(names)
        return self.log.read_newest(names, since)

    def __getattr__(self, name):
        return getattr(self.log, name)


def folded(world, *events):
    """How often the log is read while the events are appended and folded."""
    return len(reads(world, *events))


def reads(world, *events):
    """Since when the log is read each time."""
    world.log(*events)
    ports = world.ports
    log, ports.log = ports.log, Reads(ports.log)
    try:
        assert {} == fold(world.context(), events)
        return ports.log.since
    finally:
        ports.log = log


def test_the_log_is_read_only_when_a_key_is_there_already(world):
    world.save(MANY)
    first, second, third = alike(seen, 3)
    other = next(each for each in (seen(f"n{n}") for n in count()) if event_key(each) != event_key(first))
    world.tell(seen("before", NOW - 2 * HOUR))
    assert [0, 0] == [folded(world, first), folded(world, other)]
    assert 1 == folded(world, first)
    assert 1 == folded(world, second)
    # Their keys are whole now.
    assert [0, 0] == [folded(world, third), folded(world, second)]
    (state,) = world.states().values()
    assert [5] == counted(state, None)


ORDERED = 'id: orders\nname: Orders\nwhen: did "Order Completed" at least 2 times within 90 days\n'


def bought(number, at, revision=0):
    """An order of Ann's, under one of two numbers whose hashes are equal."""
    return replace(ordered(ORDERS[number], at, revision), identifiers=(ANN,), sort=f"{rfc3339(at)}#{number}-{revision}")


def test_an_order_that_is_told_again_has_the_log_read_since_it_happened_and_no_further(world):
    world.save(ORDERED)
    at = NOW - 40 * DAY
    assert [] == reads(world, bought(0, at))
    assert [at - HOUR] == reads(world, bought(0, at, 1))
    assert [at - HOUR] == reads(world, bought(1, NOW - HOUR))
    assert [] == reads(world, bought(0, at, 2), bought(1, NOW - HOUR, 2))
    assert 1 == len(world.members("orders"))


def test_the_pre_send_check_tells_an_unfolded_order_from_one_of_long_ago(world):
    world.save(ORDERED)
    world.tell(bought(0, NOW - 40 * DAY))
    world.log(bought(1, NOW - HOUR))
    ((profile, _),) = world.states().items()
    seen = profile_session.current(world.context(), profile, NOW - DAY)
    assert seen
    assert [2] == counted(seen.state, None)


def test_two_events_of_one_second_make_a_member(world):
    world.save(VIEWS)
    first, second = alike(seen)
    world.tell(first)
    world.tell(first)
    assert [] == world.members("views")
    world.tell(second)
    assert 1 == len(world.members("views"))


def test_segments_that_a_stored_state_cannot_tell_apart_are_refused_when_published(world):
    assert segment_hash(SEGMENTS[0]) == segment_hash(SEGMENTS[1])
    texts = [f'id: {name}\nname: S\nwhen: did "A"\n' for name in SEGMENTS]
    world.save(texts[0])
    refused = world.save(texts[1], status=422)
    assert "cannot tell 'segment-4067' from" in refused["faults"][0]["message"] or "cannot tell" in str(refused)
    assert [SEGMENTS[0]] == [each["id"] for each in world.ask("GET", "/api/definitions/segments")["definitions"]]


def test_timelines_of_one_address_are_refused_when_published(world):
    known: dict[str, int] = {}
    for number in count():
        address = TimelineSpec((f"E{number}",)).id
        if known.setdefault(address, number) != number:
            break
    world.save(f'id: one\nname: S\nwhen: did "E{known[address]}"\n')
    refused = world.save(f'id: two\nname: S\nwhen: did "E{number}"\n', status=422)
    assert "word one of their filters differently" in str(refused)
