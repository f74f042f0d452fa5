"""The naive evaluator: scans the whole history at every question and knows nothing of timelines or instants.

Readable in one sitting, and what the engine is compared with. A history is any collection of events.
"""

import calendar
import math
import time
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from functions.core.money import number
from functions.core.segments.operators.random_share import share
from functions.core.timeline import event_key, key_hash

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def member(node, history, now, segments=None):
    """Whether the condition holds at ``now`` for whom the events happened."""
    history = list({event.id: event for event in history}.values())
    return OPERATORS[node["op"]](node, history, now, segments or {})


def span(text):
    count, unit = text.split()
    return int(count) * UNITS[unit.rstrip("s")]


def inside(time, node, now):
    """Whether the time lies in the node's window."""
    far, near = node.get("between", (node.get("within"), None))
    return time <= now - (span(near) if near else 0) and (far is None or time > now - span(far))


def second(text, last=False):
    """When a date begins or ends, or a moment is."""
    if len(text) == 10:
        return calendar.timegm(time.strptime(text, "%Y-%m-%d")) + last * 86399
    moment = datetime.fromisoformat(text)
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def on_calendar(time, node):
    since, until = node.get("since"), node.get("until")
    return (since is None or time >= second(since)) and (until is None or time <= second(until, last=True))


def at(source, path):
    """Every value at a dotted path, members of lists each."""
    found = [source]
    for part in path.split("."):
        name = part.removesuffix("[]")
        found = [each[name] for each in found if isinstance(each, dict) and name in each]
        if part.endswith("[]"):
            found = [member for each in found if isinstance(each, list) for member in each]
    return [each for each in found if each is not None]


def is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def usable(value):
    """A number, if it is one of a size and fineness that the engine takes."""
    if not is_number(value):
        return None
    value = Decimal(value)
    fits = value.is_finite() and abs(value) < 10**24 and (value == 0 or value == round_24(value))
    return value if fits else None


def round_24(value):
    digits = value.as_tuple()
    rest = "".join(map(str, digits.digits)).rstrip("0")
    return value if digits.exponent + len(digits.digits) - len(rest) >= -24 else None


def kind(value):
    return "number" if usable(value) is not None else type(value).__name__


def compares(how, value, expected):
    if isinstance(expected, float) or is_number(expected):
        expected = Decimal(str(expected))
    if how == "in":
        return any(compares("=", value, each) for each in expected)
    if how == "contains" and isinstance(value, list):
        return any(compares("=", each, expected) for each in value)
    if how in ("contains", "starts with"):
        texts = isinstance(value, str) and isinstance(expected, str)
        return texts and (expected in value if how == "contains" else value.startswith(expected))
    if kind(value) != kind(expected) or isinstance(value, list | dict):
        return False
    if kind(value) == "number":
        value = Decimal(value)
    return ordered(how, value, expected)


def ordered(how, value, expected):
    return {
        "=": value == expected, "!=": value != expected,
        ">": value > expected, ">=": value >= expected, "<": value < expected, "<=": value <= expected,
    }[how]  # fmt: skip


def near(given, place):
    """Along the chord between two points of a ball, back to its surface."""
    names = (("latitude", "lat"), ("longitude", "lon", "lng"))
    if not isinstance(place, dict):
        return False
    found = [next((place[name] for name in each if place.get(name) is not None), None) for each in names]
    if not all(usable(each) is not None for each in found) or abs(found[0]) > 90 or abs(found[1]) > 180:
        return False

    def on_ball(latitude, longitude):
        north, east = math.radians(latitude), math.radians(longitude)
        return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)

    distance, *centre = given
    chord = math.dist(on_ball(*map(float, found)), on_ball(*map(float, centre)))
    return 2 * 6_371_008.8 * math.asin(min(1, chord / 2)) <= distance


def passes(where, properties):
    if where is None:
        return True
    if "and" in where:
        return all(passes(each, properties) for each in where["and"])
    if "or" in where:
        return any(passes(each, properties) for each in where["or"])
    found = at(properties, where["property"])
    if where["compare"] in ("exists", "missing"):
        return bool(found) == (where["compare"] == "exists")
    if where["compare"] == "within metres":
        return any(near(where["value"], each) for each in found)
    name = where["property"].split(".")[-1].removesuffix("[]")
    major = [usable(number(properties, name, each)) if is_number(each) else each for each in found]
    return any(compares(where["compare"], each, where["value"]) for each in major)


def matching(node, history):
    named = [event for event in history if event.name in node["events"] and on_calendar(event.time, node)]
    return [event for event in named if passes(node.get("where"), event.properties)]


def once(events, rank):
    """One event per natural key, the greatest; the others each."""
    kept = {}
    for event in events:
        key = event.natural or event.id
        if key not in kept or rank(event) > rank(kept[key]):
            kept[key] = event
    return list(kept.values())


def did(node, history, now, segments):
    events = once(matching(node, history), lambda event: event.time)
    times = sum(inside(event.time, node, now) for event in events)
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    return {"at least": times >= count, "at most": times <= count, "exactly": times == count}[bound]


def number_of(event, node):
    name = node["property"].split(".")[-1].removesuffix("[]")
    found = [usable(number(event.properties, name, each)) for each in at(event.properties, node["property"])]
    numbers = [each for each in found if each is not None]
    return sum(numbers) if numbers else None


def aggregate(node, history, now, segments):
    events = [event for event in matching(node, history) if number_of(event, node) is not None]
    events = once(events, lambda event: (event.time, event.revision if event.natural else 0, number_of(event, node)))
    found = [Fraction(number_of(event, node)) for event in events if inside(event.time, node, now)]
    if not found and node["op"] != "sum":
        return False
    pick = {"sum": sum, "minimum": min, "maximum": max, "average": lambda numbers: sum(numbers) / len(numbers)}
    return ordered(node["compare"], pick[node["op"]](found), Fraction(str(node["value"])))


def distinct(node, history, now, segments):
    events = [event for event in matching(node, history) if inside(event.time, node, now)]
    found = {keyed(value) for event in events for value in at(event.properties, node["property"])} - {None}
    return ordered(node["compare"], len(found), Fraction(str(node["value"])))


def keyed(value):
    """A value as a key: text, or a number that is the same as its text."""
    if is_number(value) and not (Decimal(value).is_finite() and abs(value) < 10**1000):
        return None
    if not (is_number(value) or (isinstance(value, str) and value)):
        return None
    return str(int(value) if is_number(value) and value == int(value) else value)


def then_not(node, history, now, segments):
    def latest(part, key):
        return max(
            (e.time for e in matching(part, history) if e.time <= now and (key is None or name(e) == key)), default=None
        )

    def name(event):
        return next(iter(map(keyed, at(event.properties, node["by"]))), None)

    keys = {name(event) for event in matching(node, history)} - {None} if "by" in node else {None}
    for key in keys:
        a, b = latest(node, key), latest(node["not"], key)
        if a is not None and inside(a, node, now) and a + span(node["for"]) <= now and (b is None or b < a):
            return True
    return False


def key_in(event, node):
    return next(iter(map(keyed, at(event.properties, node["by"]))), None) if "by" in node else ""


def in_order(step, node, history, now):
    """Events of a step by time; those of one second by what the engine knows them by."""

    def rank(event):
        revision = event.revision if event.natural and "by" in node else 0
        return event.time, revision, event_key(event), key_hash(key_in(event, node)) or 0

    events = [event for event in matching(step, history) if key_in(event, node) is not None]
    return sorted((event for event in once(events, rank) if event.time <= now), key=rank)


def same(one, other):
    return one.time == other.time and (one.natural or one.id) == (other.natural or other.id)


def then(node, history, now, segments):
    steps = [in_order(step, node, history, now) for step in node["steps"]]
    longest = span(node["within"]) if "within" in node else math.inf
    earliest = now - span(node["last"]) if "last" in node else -math.inf

    def goes_on(done, events):
        if not events:
            return True
        return any(
            goes_on([*done, event], events[1:])
            for event in events[0]
            if event.time > earliest
            and not any(same(event, other) for other in done)
            and (not done or key_in(event, node) == key_in(done[0], node))
            and (not done or done[-1].time <= event.time <= done[0].time + longest)
        )

    return goes_on([], steps)


def followed(node, history, now, segments):
    latest = in_order(node, node, history, now)[-node["last"] :]
    answers = in_order(node["followed"], node, history, now)
    longest = span(node["within"]) if "within" in node else math.inf
    count = sum(
        any(
            event.time <= answer.time <= event.time + longest
            and key_in(event, node) == key_in(answer, node)
            and not same(event, answer)
            for answer in answers
        )
        for event in latest
    )
    if node["many"] == "none":
        return len(latest) == node["last"] and count == 0
    return count >= (node["last"] if node["many"] == "all" else node["many"]["at least"])


def first_last(node, history, now, segments):
    times = [event.time for event in matching(node, history) if event.time <= now]
    if not times:
        return False
    time = min(times) if node["op"] == "first" else max(times)
    return inside(time, node, now) if "within" in node else time <= now - span(node["more than"])


def trait(node, history, now, segments):
    name = node["trait"].split(".")[0]
    said = [event for event in history if name in event.traits and event.time <= now]
    if not said:
        return node["compare"] == "missing"
    found = at(max(said, key=lambda event: (event.time, event.sort)).traits, node["trait"])
    if node["compare"] in ("exists", "missing"):
        return bool(found) == (node["compare"] == "exists")
    return bool(found) and compares(node["compare"], found[0], node["value"])


def let(node, history, now, segments):
    def replaced(inside):
        if isinstance(inside, dict):
            named = inside.get("op") == "name"
            return names[inside["name"]] if named else {key: replaced(each) for key, each in inside.items()}
        return [replaced(each) for each in inside] if isinstance(inside, list) else inside

    names = {}
    for name, each in node["names"].items():
        names[name] = replaced(each)
    return member(replaced(node["in"]), history, now, segments)


def trait_date(node, history, now, segments):
    name = node["trait"].split(".")[0]
    said = [event for event in history if name in event.traits and event.time <= now]
    found = at(max(said, key=lambda event: (event.time, event.sort)).traits, node["trait"]) if said else []
    text = found[0] if found and isinstance(found[0], str) else ""
    yearly = node.get("yearly") or node["trait"] in ("birthday", "dob")
    if text.startswith("--"):
        text = f"2000-{text[2:]}" if yearly else ""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return False
    days = [(second(text), second(text, last=True))]
    if yearly:
        years = [f"{year}-{day.month:02d}-{day.day:02d}" for year in range(2020, 2030)]
        real = [text.replace("-02-29", "-02-28") if int(text[:4]) % 4 else text for text in years]
        days = [(second(text), second(text, last=True)) for text in real]
    if "next" in node:
        return any(begin - span(node["next"]) <= now <= end for begin, end in days)
    return any(begin <= now < end + span(node["last"]) for begin, end in days)


def last_value(node, history, now, segments):
    events = [
        event for event in matching(node, history) if at(event.properties, node["property"]) and event.time <= now
    ]
    if not events:
        return node["compare"] == "missing"
    event = max(events, key=lambda event: (event.time, event.sort))
    if not inside(event.time, node, now) or node["compare"] in ("exists", "missing"):
        return inside(event.time, node, now) == (node["compare"] != "missing")
    value = at(event.properties, node["property"])[0]
    major = usable(number(event.properties, node["property"].split(".")[-1], value)) if is_number(value) else value
    return compares(node["compare"], major, node["value"])


def prediction(node, *rest):
    where = {"property": "model", "compare": "=", "value": node["model"]}
    return last_value({**node, "events": ["Prediction Made"], "where": where, "property": "value"}, *rest)


def consent(node, history, now, segments):
    said = {}
    for event in history:
        if event.consent and event.time <= now:
            for name in event.identifiers:
                said[name] = max(said.get(name, (0, 0)), (event.time, ANSWERS.index(event.consent)))
    strictest = max((answer for _, answer in said.values()), default=-1)
    return node["answer"] == (ANSWERS[strictest] if said else "unknown")


ANSWERS = ("subscribed", "pending", "unsubscribed")
OPERATORS = {
    "trait date": trait_date,
    "last value": last_value,
    "prediction": prediction,
    "consent": consent,
    "random": lambda node, *rest: share(node["salt"], "") < Decimal(str(node["percent"])),
    "let": let,
    "and": lambda node, *rest: all(OPERATORS[each["op"]](each, *rest) for each in node["of"]),
    "or": lambda node, *rest: any(OPERATORS[each["op"]](each, *rest) for each in node["of"]),
    "not": lambda node, *rest: not OPERATORS[node["of"]["op"]](node["of"], *rest),
    "in segment": lambda node, *rest: OPERATORS[rest[2][node["segment"]]["op"]](rest[2][node["segment"]], *rest),
    "did": did,
    "sum": aggregate,
    "average": aggregate,
    "minimum": aggregate,
    "maximum": aggregate,
    "distinct": distinct,
    "then": then,
    "then not": then_not,
    "followed": followed,
    "first": first_last,
    "last": first_last,
    "trait": trait,
}
