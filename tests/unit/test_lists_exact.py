"""Whatever asks about everybody at once finds exactly those for whom a scan of their own events says so."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from functions.core.definitions.examples import NOW, event_of
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.state import pack
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.named import mentioned
from functions.core.segments.registry import operators
from functions.usecases.context import Context
from functions.usecases.impact import impact
from functions.usecases.impact_together import impact_together
from functions.usecases.list_segments import counted
from functions.usecases.members import page
from functions.usecases.preview import preview
from functions.usecases.refresh import RefreshRun, refresh
from tests.fakes import FakePorts
from tests.unit.reference import Person as Scanned
from tests.unit.reference import member, points
from tests.unit.strategies import GROUPS, START, definitions, histories, shop_zones, thorough
from tests.unit.test_segments_shipped import BODIES

PEOPLE = ("ann", "ben", "cem", "dea", "eli")
shops = st.dictionaries(st.sampled_from(PEOPLE), histories, min_size=1)


class Shop(FakePorts):
    """Everybody's events, and their states as folding stored them; ``now`` is the second of the last fold."""

    def __init__(self, current, told, now, zone="UTC"):
        super().__init__()
        self.now = now
        self.definitions.publish_together(current)
        self.ruleset = load(self.definitions.current(), self.definitions.revision(), zone)
        self.events = {person: [_of(person, event) for event in events] for person, events in told.items()}
        for person, events in self.events.items():
            self.log.append(events)
            names = frozenset(name for event in events for name in event.identifiers)
            self.people.save_attributes(ProfileAttributes(person, names))
            state = engine.apply(engine.fresh(self.ruleset.catalogue, person), events, self.ruleset.catalogue, now)
            self.people.save_state(StoredState(person, pack(state)))

    def at(self, now):
        return Context(self, self.settings, lambda: self.ruleset, now)

    def scanned(self, node, at, segments=None):
        """Those for whom the condition holds, by looking at one person after the other; it may name the segments."""
        found = {name: body["when"] for name, body in (segments or self.ruleset.segments).items()}
        told = {person: [event for event in events if event.time <= at] for person, events in self.events.items()}
        return sorted(person for person, events in told.items() if member(node, events, at, found, person))

    def previewed(self, text, at):
        return answered(preview(self.at(self.now), text, at))


def answered(answer):
    """The answer, of so few that no job gives it."""
    assert isinstance(answer, dict)
    return answer


def _of(person, event):
    """The event as the person's own: their devices are nobody else's."""
    return replace(event, identifiers=tuple(f"{name}-{person}" for name in event.identifiers))


def _published(nodes, score, borders):
    bodies = [{"id": name, "name": name, "when": node, "announce": name > "s1"} for name, node in nodes.items()]
    rows = [("segments", body) for body in bodies] + [("scores", {"name": "E", **score})]
    rows += [("events", {"id": name, "name": name, **body}) for name, body in GROUPS.items()]
    rows += [("borders", {"id": "rfm", **borders})] if borders else []
    return [Definition(kind, body["id"], 1, "", body, "test", START, revision=1) for kind, body in rows]


@thorough
@given(definitions, shops, st.integers(0, 60), st.integers(-60, 60), shop_zones)
def test_members_previews_and_counts_are_the_sum_of_the_single_answers(given, told, later, offset, zone):
    now = START + later
    told = {person: [event for event in events if event.time <= now] for person, events in told.items()}
    shop = Shop(_published(*given), told, now, zone)
    for name, body in shop.ruleset.segments.items():
        for at in (now, now + offset):
            assert shop.scanned(body["when"], at) == answered(page(shop.at(now), name, at, 9, None))["members"]
    listed = answered(counted(shop.at(now)))["segments"]
    assert {each["id"]: each["count"] for each in listed} == {
        name: len(shop.scanned(body["when"], now)) for name, body in shop.ruleset.segments.items()
    }
    for name, node in given[0].items():
        if check(node):
            # Names counted wherever they stand, it may be too large to be typed.
            continue
        asked = shop.previewed(parser.text(node), now + offset)
        expected = shop.scanned(shop.ruleset.segments[name]["when"], now + offset)
        assert (len(expected), expected) == (asked["count"], asked["sample"])


@thorough
@given(definitions, definitions, shops)
def test_the_impact_is_the_difference_of_the_single_answers(before, after, told):
    now = START + 60
    shop = Shop(_published(*before), told, now)
    node = after[0]["s0"]
    text = json.dumps({"id": "s0", "name": "s0", "when": parser.text(node)})
    then = load(_published(before[0] | {"s0": node}, *before[1:]), 2).segments
    found = answered(impact(shop.at(now), "s0", text))
    together = answered(impact_together(shop.at(now), {("segments", "s0"): text}))["segments"]
    others = {each["id"]: each for each in together}
    assert found == {key: value for key, value in others["s0"].items() if key != "id"}
    for name, body in then.items():
        old, new = (
            set(shop.scanned(shop.ruleset.segments[name]["when"], now)),
            set(shop.scanned(body["when"], now, then)),
        )
        if name in others:
            told = tuple(others[name][key] for key in ("entering", "leaving", "stay"))
            assert (sorted(new - old), sorted(old - new), len(old & new)) == told
        else:
            assert old == new


@thorough
@given(shops, st.integers(0, 60))
def test_the_night_counts_whoever_ordered(told, later):
    now = START + 60
    asked = {"op": "rfm", "measure": "recency", "compare": ">=", "value": 4}
    shop = Shop(_published({"s0": asked}, {"id": "e", "rules": [], "tiers": {}}, None), told, now)
    refresh_run = RefreshRun(None, now + later, 0, Tally())
    refresh(shop.at(now + later), refresh_run, lambda: False)
    said = shop.ruleset.shop
    ordered = [
        points.customer(Scanned(events, {}), now + later, said.money, said.orders) for events in shop.events.values()
    ]
    assert len([each for each in ordered if each]) == refresh_run.tally.people


def test_every_operator_s_examples_find_the_same_people_in_lists_as_alone():
    told = {
        f"p{n:03d}{place}": [event_of(written, index) for index, written in enumerate(example["events"])]
        for n, body in enumerate(BODIES.values())
        for place, example in enumerate(body["examples"])
    }
    shop = Shop([], told, NOW)
    texts = [text for operator in operators().values() for text in operator.examples]
    for text in texts:
        node = parser.parse(text)
        # What refers to other definitions is held by the random ones above.
        if not ({"in segment", "score", "tier", "rfm"} & set(_operators(node)) or mentioned(node)):
            found = shop.previewed(text, NOW)
            assert len(shop.scanned(node, NOW)) == found["count"], text


def _operators(value):
    if isinstance(value, dict):
        yield from [value["op"]] if "op" in value else []
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _operators(each)
