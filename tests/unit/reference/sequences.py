"""One after the other: then, then not, followed by."""

import math
from typing import Any

from functions.core.timelines.event_keys import key_hash, whole_key

from . import carts
from .events import matching, names_in, occurrence_of, once, standing, taking_back
from .values import at, inside, keyed, span


def key_in(event, node):
    """The value of the key; None for an event without one, the same for all where no key is asked for."""
    return next(iter(map(keyed, at(event.properties, node["by"]))), None) if "by" in node else ""


def then_not(node, person, now):
    def latest(events, *keys):
        return max((event.time for event in events if event.time <= now and key_in(event, node) in keys), default=None)

    begun, answers = standing(node, person, now), matching(node["not"], person.events)
    any_key = [None] if node.get("if given") else []
    for key in {key_in(event, node) for event in begun} - {None}:
        if "unless" in node and carts.is_empty(node, person.events, key, now):
            continue
        a, b = latest(begun, key), latest(answers, key, *any_key)
        if a is not None and inside(a, node, now) and a + span(node["for"]) <= now and (b is None or b < a):
            return True
    return False


def known_by(event, steps):
    """What the engine knows the event by in all steps: by the property of a definition, or as any event."""
    found: dict[str, Any] = {}
    for each in [each for step in steps for each in step["events"]]:
        if definition := taking_back(each):
            found = {**dict.fromkeys(definition["any of"], definition), **found}
    key = occurrence_of(event, found[event.name]) if event.name in found else None
    return whole_key(event) if key is None else (key_hash(key), 0)


def in_order(step, node, steps, person, now):
    """Events of a step by time; those of one second by what the engine knows them by."""

    def rank(event):
        revision = event.revision if event.natural and "by" in node else 0
        key, rest = known_by(event, steps)
        return event.time, revision, key, key_hash(key_in(event, node)) or 0, rest

    events = [event for event in matching(step, person.events) if key_in(event, node) is not None]
    left = standing(step, person, now)
    return sorted((event for event in once(events, rank, step) if event.time <= now and event in left), key=rank)


def same(one, other, parts):
    """Whether two events are one; those of parts that have no name in common are not."""
    names = [name for part in parts for name in names_in(part)]
    told_again = one.time == other.time and known_by(one, parts) == known_by(other, parts)
    return told_again and len(set(names)) < len(names)


def then(node, person, now):
    steps = [in_order(step, node, node["steps"], person, now) for step in node["steps"]]
    longest = span(node["within"]) if "within" in node else math.inf
    earliest = now - span(node["last"]) if "last" in node else -math.inf

    def goes_on(done, events):
        if not events:
            return True
        return any(
            goes_on([*done, event], events[1:])
            for event in events[0]
            if event.time > earliest
            and not any(same(event, other, node["steps"]) for other in done)
            and (not done or key_in(event, node) == key_in(done[0], node))
            and (not done or done[-1].time <= event.time <= done[0].time + longest)
        )

    return goes_on([], steps)


def followed(node, person, now):
    steps = [node, node["followed"]]
    latest = in_order(node, node, steps, person, now)[-node["last"] :]
    answers = in_order(node["followed"], node, steps, person, now)
    longest = span(node["within"]) if "within" in node else math.inf
    count = sum(
        any(
            event.time <= answer.time <= event.time + longest
            and key_in(event, node) == key_in(answer, node)
            and not same(event, answer, [node, node["followed"]])
            for answer in answers
        )
        for event in latest
    )
    if node["many"] == "none":
        return len(latest) == node["last"] and count == 0
    return count >= (node["last"] if node["many"] == "all" else node["many"]["at least"])
