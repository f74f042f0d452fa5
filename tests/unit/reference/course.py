"""Since when somebody is in a segment and by what, by looking at every instant at which anything could change.

From the latest event that a segment looks at, its course is known: who is in since then is in since that event, and
whoever time lets in since the instant at which it does. Nobody's stay begins anew while it lasts.
"""

import json
import re
from functools import cache
from zoneinfo import available_timezones

from functions.core.base.events import Event
from functions.core.scores.rfm import BOUGHT

from . import Person, carts, expanded, holds, people
from .events import definition_of, matching, number_of, occurrence_of, plain_names, predicted, taking_back
from .points import DAY, orders_of
from .sequences import key_in
from .values import at, keyed, second, span

SPAN = re.compile(r"\d+ (second|minute|hour|day|week)s?")


@cache
def _zones():
    """The names of all time zones; zoneinfo reads the whole directory for each answer."""
    return available_timezones()


class Truth:
    """What is true of one person whose events are all known; each question is answered once."""

    def __init__(self, segments, history, profile=""):
        self.person = Person(list({event.id: event for event in history}.values()), segments, profile)
        self._found = {}
        self._texts = set(strings(segments))

    def holds(self, name, now):
        if (name, now) not in self._found:
            self._found[name, now] = holds(self.person.segments[name], self.person, now)
        return self._found[name, now]

    def at(self, now):
        return {name: self.holds(name, now) for name in self.person.segments}

    def ticks(self, after, upto):
        """Every instant between the two at which an answer could change: so long after an event, or on a day."""
        found = {event.time + reach for event in self.person.events for reach in self._reaches(upto - event.time)}
        return sorted(tick for tick in found | self._days() if after < tick <= upto)

    def _reaches(self, longest):
        """Spans that definitions name, and whole numbers of those that points count."""
        spans = {span(text) for text in strings(self.person.segments) if SPAN.fullmatch(text)}
        counted = {span(text) for text in strings(self.person.segments, "per full")}
        counted |= (
            {DAY}
            if re.search('"(rfm|fading over|halving every)"', json.dumps(self.person.segments, default=str))
            else set()
        )
        return {0, *spans, *(each * many for each in counted for many in range(longest // each + 1))}

    def _days(self):
        """Begin and end of every date that definitions and people name, and spans before and after."""
        said = {text for event in self.person.events for text in strings(event.traits)}
        # A day begins and ends elsewhere in another zone; the person may name one.
        zones = {
            "UTC",
            *strings(self.person.segments, "zone"),
            *(text for text in said if text in _zones()),
        }
        days = [day for text in said for zone in zones for day in people.days({"trait": "dob"}, text, zone)]
        days += [day for text in said | set(strings(self.person.segments)) for day in moment(text)]
        spans = {span(text) for text in strings(self.person.segments) if SPAN.fullmatch(text)}
        reaches = {0, *spans, *(-each for each in spans)}
        return {edge + reach for begin, end in days for edge in (begin, end, end + 1) for reach in reaches}

    def course(self, name, now):
        """Whether somebody is in at ``now``, since when it is so, and whether time made it so."""
        since, timed = min(max(looked_at(self.person.segments[name], self.person), default=now), now), False
        inside = self.holds(name, since)
        for tick in self.ticks(since, now):
            if self.holds(name, tick) != inside:
                inside, since, timed = not inside, tick, True
        return inside, since, timed


def strings(value, key=None):
    """Every text in the value, or every one under the key."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from strings(each, None if name == key else key)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each, key)
    elif isinstance(value, str) and key is None:
        yield value


def moment(text):
    try:
        return [(second(text), second(text, last=True))]
    except ValueError:
        return []


def settled(memberships, truth, names, now, cause, due=None):
    """The memberships in these segments as (since, cause) after a look at ``now``.

    An entry is by the cause unless time made it. What a backfill shows was so before, unless time made it after the
    instant ``due`` that somebody waited for.
    """
    after = {}
    for name in names:
        inside, since, timed = truth.course(name, now)
        if inside:
            waited = due is not None and due <= since
            by = cause if not timed else "time" if cause != "backfill" or waited else "backfill"
            held = memberships.get(name)
            after[name] = held if held and not (timed and since > held[0]) else (since, by)
    return after


def together(events, seen):
    """The events by the instant at which they are told: each at its time, late ones at the latest that was seen."""
    batches: dict[int, list[Event]] = {}
    for event in events:
        batches.setdefault(max(event.time, seen), []).append(event)
    return sorted(batches.items())


def looked_at(node, person):
    """When the events happened that the condition looks at, whatever it finds in them; of a first one only that."""
    op = node["op"]
    if op == "let":
        return looked_at(expanded(node), person)
    if op in ("and", "or", "not"):
        return [time for each in (node["of"] if op != "not" else [node["of"]]) for time in looked_at(each, person)]
    if op == "in segment":
        return looked_at(person.segments[node["segment"]], person)
    if op in ("score", "tier"):
        rules = node.get("definition", {}).get("rules", ())
        return [time for rule in rules for time in looked_at_for_points(rule, person)]
    times = [event.time for event in relevant(node, person.events)]
    if op == "first" and times:
        plain = [event.time for event in matching(node, person.events) if definition_of(event, node) is None]
        groups = [event.time for event in matching(node, person.events) if definition_of(event, node) is not None]
        times = [*([min(plain)] if plain else []), *groups]
    return times + [event.time for event in taken_back_by(node, person.events)]


def taken_back_by(node, history):
    """The events that a condition looks at to know what was taken back."""
    op = node["op"]
    parts = {"then": lambda: node["steps"], "followed": lambda: [node, node["followed"]]}.get(op, lambda: [node])()
    return [event for part in parts if "events" in part for event in ends_of(part, history)]


def ends_of(part, history):
    found = []
    plain = plain_names(part)
    for definition in filter(None, map(taking_back, part["events"])):
        if not set(definition["any of"]) - plain:
            continue
        paid = {"property": definition.get("amount"), "events": []}
        totals, refunds = (definition["any of"], definition["refunds"]) if definition.get("refunds") else ([], [])
        found += [
            e for e in history if e.name in definition.get("unless", []) and occurrence_of(e, definition) is not None
        ]
        found += [e for e in history if e.name in refunds and occurrence_of(e, definition) is not None]
        found += [e for e in history if e.name in [*refunds, *totals] and amount(e, paid)]
    return found


def looked_at_for_points(rule, person):
    if "when" in rule:
        return looked_at(rule["when"], person)
    part = rule.get("per") or rule["without"]
    return [event.time for event in [*matching(part, person.events), *ends_of(part, person.events)]]


def relevant(node, history):
    """The events that a condition is made of."""
    op = node["op"]
    if op in ("trait", "trait date"):
        return [event for event in history if node["trait"].split(".")[0] in event.traits]
    if op == "consent":
        return [event for event in history if event.consent]
    if op in ("then", "then not", "followed"):
        filled = carts.told(node, history) if "unless" in node else []
        parts = node["steps"] if op == "then" else [node, node["not" if op == "then not" else "followed"]]
        found = [event for part in parts for event in matching(part, history) if key_in(event, node) is not None]
        return found + filled + (matching(node["not"], history) if node.get("if given") else [])
    if op == "rfm":
        asked = orders_of(node.get("orders", BOUGHT))
        return [event for event in matching(asked, history) if amount(event, asked)] + ends_of(asked, history)
    if op in ("last value", "prediction"):
        node = predicted(node) if op == "prediction" else node
        return [event for event in matching(node, history) if at(event.properties, node["property"])]
    if op == "distinct":
        return [event for event in matching(node, history) if any(map(keyed, at(event.properties, node["property"])))]
    if op in ("sum", "average", "minimum", "maximum"):
        return [event for event in matching(node, history) if amount(event, node)]
    return matching(node, history) if op != "random" else []


def amount(event, node):
    """Whether the event has a number, be it zero."""
    return number_of(event, node) is not None
