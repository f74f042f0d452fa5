"""How often, how much, how many different ones, first and last."""

from fractions import Fraction

from functions.core.money import number

from .values import at, compares, inside, is_number, keyed, numbers, on_calendar, ordered, passes, span, usable


def matching(node, history):
    named = [event for event in history if event.name in names_in(node) and on_calendar(event.time, node)]
    return [event for event in named if passes(node.get("where"), event.properties)]


def names_in(node):
    """The names of the events of a node; an id that no definition is known of stands for none."""
    lists = [
        [each] if isinstance(each, str) else each.get("definition", {}).get("any of", []) for each in node["events"]
    ]
    return {name for names in lists for name in names}


def once(events, rank):
    """One event per natural key, the greatest; the others each."""
    kept = {}
    for event in events:
        key = event.natural or event.id
        if key not in kept or rank(event) > rank(kept[key]):
            kept[key] = event
    return list(kept.values())


def did(node, person, now):
    events = once(matching(node, person.events), lambda event: event.time)
    times = sum(inside(event.time, node, now) for event in events)
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    return {"at least": times >= count, "at most": times <= count, "exactly": times == count}[bound]


def number_of(event, node):
    """The event's number at the node's property, of several members the sum; None without one."""
    found = numbers(event, node["property"])
    return sum(found) if found else None


def numbered(node, history):
    """The events that have a number, of each natural key the last word."""
    events = [event for event in matching(node, history) if number_of(event, node) is not None]
    return once(events, lambda event: (event.time, event.revision if event.natural else 0, number_of(event, node)))


def aggregate(node, person, now):
    events = numbered(node, person.events)
    found = [Fraction(number_of(event, node)) for event in events if inside(event.time, node, now)]
    if not found and node["op"] != "sum":
        return False
    pick = {"sum": sum, "minimum": min, "maximum": max, "average": lambda numbers: sum(numbers) / len(numbers)}
    return ordered(node["compare"], pick[node["op"]](found), Fraction(str(node["value"])))


def distinct(node, person, now):
    events = [event for event in matching(node, person.events) if inside(event.time, node, now)]
    found = {keyed(value) for event in events for value in at(event.properties, node["property"])} - {None}
    return ordered(node["compare"], len(found), Fraction(str(node["value"])))


def first_last(node, person, now):
    times = [event.time for event in matching(node, person.events) if event.time <= now]
    if not times:
        return False
    time = min(times) if node["op"] == "first" else max(times)
    return inside(time, node, now) if "within" in node else time <= now - span(node["more than"])


def last_value(node, person, now):
    said = [event for event in matching(node, person.events) if at(event.properties, node["property"])]
    events = [event for event in said if inside(event.time, node, now)]
    if not events or node["compare"] in ("exists", "missing"):
        return node["compare"] == ("exists" if events else "missing")
    event = max(events, key=lambda event: (event.time, event.sort))
    value = at(event.properties, node["property"])[0]
    major = usable(number(event.properties, node["property"].split(".")[-1], value)) if is_number(value) else value
    return compares(node["compare"], major, node["value"])


def predicted(node):
    """The prediction as a value that was said last."""
    where = {"property": "model", "compare": "=", "value": node["model"]}
    return {**node, "events": ["Prediction Made"], "where": where, "property": "value"}


def prediction(node, person, now):
    return last_value(predicted(node), person, now)
