"""How often, how much, how many different ones, first and last."""

from fractions import Fraction
from typing import Any

from functions.core.base.events import Event
from functions.core.base.money import number

from .values import at, compares, counted, inside, is_number, keyed, numbers, on_calendar, ordered, passes, span, usable


def matching(node, history):
    named = [event for event in history if event.name in names_in(node) and on_calendar(event.time, node)]
    return [event for event in named if passes(node.get("where"), counted(event, node).properties)]


def names_in(node):
    """The names of the events of a node; an id that no definition is known of stands for none."""
    lists = [
        [each] if isinstance(each, str) else each.get("definition", {}).get("any of", []) for each in node["events"]
    ]
    return {name for names in lists for name in names}


def plain_names(node):
    """The names of the events of a node that nothing takes back."""
    lists = [
        [each] if isinstance(each, str) else each.get("definition", {}).get("any of", []) for each in node["events"]
    ]
    return {name for each, names in zip(node["events"], lists, strict=True) if not taking_back(each) for name in names}


def taking_back(each):
    """The definition of named events, if it says what takes them back."""
    definition = {} if isinstance(each, str) else each.get("definition", {})
    return definition if definition.get("unless") or definition.get("refunds") else None


def definition_of(event, node):
    """The definition by which the event may be taken back in this node."""
    if event.name in plain_names(node):
        return None
    return next(
        (found for each in node["events"] if (found := taking_back(each)) and event.name in found["any of"]), None
    )


def occurrence_of(event, definition):
    """What the event is told apart by; None without it."""
    return next(iter(map(keyed, at(event.properties, definition["by"]))), None)


def repaid(key, definition, person, now, counting=()):
    """What was paid back of an occurrence by now."""
    node = {**dict(counting), "events": definition.get("refunds", []), "property": definition.get("amount")}
    told = [event for event in numbered(node, person.events) if event.time <= now]
    amounts = [Fraction(number_of(event, node)) for event in told if occurrence_of(event, definition) == key]
    return sum(amounts, Fraction(0))


def is_taken_back(event, definition, person, now):
    key = occurrence_of(event, definition)
    if key is None:
        return False
    ended = [other for other in person.events if other.name in definition.get("unless", []) and other.time <= now]
    if any(occurrence_of(other, definition) == key for other in ended):
        return True
    node = {"events": [{"definition": definition}], "property": definition.get("amount")}
    paid = [other for other in numbered(node, person.events) if other.time <= now] if definition.get("refunds") else []
    back = repaid(key, definition, person, now)
    return any(
        0 < back >= Fraction(number_of(other, node)) for other in paid if occurrence_of(other, definition) == key
    )


def standing(node, person, now):
    """The events of a node that are not taken back by now."""
    found = [(event, definition_of(event, node)) for event in matching(node, person.events)]
    return [event for event, by in found if by is None or not is_taken_back(event, by, person, now)]


def identity(event, node):
    """Events of one identity are one: by the property of the definition, by the natural key, or each by itself."""
    definition = definition_of(event, node)
    if definition is None:
        return "", event.natural or event.id
    key = occurrence_of(event, definition)
    return definition["by"], event.natural or event.id if key is None else ("", key)


def once(events, rank, node):
    """One event per identity, the greatest."""
    kept: dict[Any, Event] = {}
    for event in events:
        key = identity(event, node)
        if key not in kept or rank(event) > rank(kept[key]):
            kept[key] = event
    return list(kept.values())


def did(node, person, now):
    events = once(standing(node, person, now), lambda event: event.time, node)
    times = sum(inside(event.time, node, now) for event in events)
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    return {"at least": times >= count, "at most": times <= count, "exactly": times == count}[bound]


def number_of(event, node):
    """The event's number at the node's property, of several members the sum; None without one."""
    found = numbers(counted(event, node), node["property"])
    return sum(found) if found else None


def numbered(node, history):
    """The events that have a number, of each identity the last word of somebody trusted, else the public's last."""
    events = [event for event in matching(node, history) if number_of(event, node) is not None]

    def rank(event):
        trusted = event.trust != "public"
        return trusted, event.time, event.revision if trusted and event.natural else 0, number_of(event, node)

    return once(events, rank, node)


def net_of(event, node, person, now):
    """The number of the event less what was paid back of it."""
    definition = definition_of(event, node)
    key = None if definition is None else occurrence_of(event, definition)
    counting = {name: node[name] for name in ("money", "currency") if name in node}
    back = 0 if key is None else repaid(key, definition, person, now, counting)
    return Fraction(number_of(event, node)) - Fraction(back)


def aggregate(node, person, now):
    left = standing(node, person, now)
    events = [event for event in numbered(node, person.events) if event in left and inside(event.time, node, now)]
    net = node.get("net")
    found = [net_of(event, node, person, now) if net else Fraction(number_of(event, node)) for event in events]
    if not found and node["op"] != "sum":
        return False
    pick: dict[str, Any] = {
        "sum": sum,
        "minimum": min,
        "maximum": max,
        "average": lambda numbers: sum(numbers) / len(numbers),
    }
    return ordered(node["compare"], pick[node["op"]](found), Fraction(str(node["value"])))


def distinct(node, person, now):
    events = [event for event in standing(node, person, now) if inside(event.time, node, now)]
    found = {keyed(value) for event in events for value in at(event.properties, node["property"])} - {None}
    return ordered(node["compare"], len(found), Fraction(str(node["value"])))


def first_last(node, person, now):
    left = [event for event in standing(node, person, now) if event.time <= now]
    plain = [event for event in left if definition_of(event, node) is None]
    told_again = [event for event in left if event not in plain]
    times = [event.time for event in [*plain, *once(told_again, lambda event: event.time, node)]]
    if not times:
        return False
    time = min(times) if node["op"] == "first" else max(times)
    return inside(time, node, now) if "within" in node else time <= now - span(node["more than"])


def last_value(node, person, now):
    said = [event for event in standing(node, person, now) if at(event.properties, node["property"])]
    plain = [event for event in said if definition_of(event, node) is None]
    told_again = [event for event in said if event not in plain]
    said = plain + once(told_again, lambda event: (event.time, event.sort), node)
    events = [event for event in said if inside(event.time, node, now)]
    if not events or node["compare"] in ("exists", "missing"):
        return node["compare"] == ("exists" if events else "missing")
    event = max(events, key=lambda event: (event.time, event.sort))
    said = counted(event, node).properties
    value = at(said, node["property"])[0]
    major = usable(number(said, node["property"].split(".")[-1], value)) if is_number(value) else value
    return compares(node["compare"], major, node["value"])


def predicted(node):
    """The prediction as a value that was said last."""
    where = {"property": "model", "compare": "=", "value": node["model"]}
    return {**node, "events": ["Prediction Made"], "where": where, "property": "value"}


def prediction(node, person, now):
    return last_value(predicted(node), person, now)
