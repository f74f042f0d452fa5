"""What stands in an event, how it compares, and when something lies in a window."""

import calendar
import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from functions.core.base.money import MONEY, number

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def span(text):
    count, unit = text.split()
    return int(count) * UNITS[unit.rstrip("s")]


def inside(time, node, now):
    """Whether the time lies in the node's window."""
    far, near = node.get("between", (node.get("within"), None))
    return time <= now - (span(near) if near else 0) and (far is None or time > now - span(far))


def second(text, last=False, zone="UTC"):
    """When a date begins or ends in a zone, or a moment is."""
    if len(text) == 10:
        day = date.fromisoformat(text)
        return first_of(day + timedelta(days=1), zone) - 1 if last else first_of(day, zone)
    moment = datetime.fromisoformat(text)
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp())


@cache
def first_of(day, zone):
    """The first second at which clocks there show the day or a later one, by looking at them every minute."""
    around = calendar.timegm(day.timetuple())
    looks = range(around - 15 * 3600, around + 15 * 3600, 60)
    return next(each for each in looks if datetime.fromtimestamp(each, ZoneInfo(zone)).date() >= day)


def on_calendar(time, node):
    since, until, zone = node.get("since"), node.get("until"), node.get("zone", "UTC")
    return (since is None or time >= second(since, zone=zone)) and (until is None or time <= second(until, True, zone))


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


def keyed(value):
    """A value as a key: text, or a number that is the same as its text."""
    if is_number(value) and not (Decimal(value).is_finite() and abs(value) < 10**1000):
        return None
    if not (is_number(value) or (isinstance(value, str) and value)):
        return None
    return str(int(value) if is_number(value) and value == int(value) else value)


def counted(event, node):
    """The event with its amounts as they count in the node: in the currency that it says, else in the shop's."""
    money = node.get("money", {})
    if not money and "currency" not in node:
        return event
    wanted, own = node.get("currency", money.get("base")), event.properties.get("currency", money.get("base", ""))
    if own == wanted:
        return event
    worth, unit = (worth_of(each, money, event.time) for each in (own, wanted))
    rate = None if worth is None or unit is None else worth / unit
    return replace(event, properties=converted(event.properties, rate, wanted, event.properties))


def worth_of(currency, money, time):
    """What one unit of the currency is worth in the shop's own at the time; None where that is not known."""
    rates = money.get("rates")
    if rates is None or currency == money["base"]:
        return None if rates is None else Fraction(1)
    said = rates.said.get(currency)
    if isinstance(said, list):
        begun = [each["rate"] for each in said if second(each["since"], zone=rates.zone) <= time]
        said = begun[-1] if begun else None
    return None if said is None else Fraction(str(said))


DECIMALS = {"JPY": 0, "KWD": 3}


def converted(value, rate, wanted, properties, name=""):
    if isinstance(value, dict):
        return {key: converted(each, rate, wanted, properties, key) for key, each in value.items()}
    if isinstance(value, list):
        return [converted(each, rate, wanted, properties, name) for each in value]
    major = usable(number(properties, name, value)) if name in MONEY and is_number(value) else None
    if major is None:
        return value
    return {} if rate is None else rounded(Fraction(major) * rate, DECIMALS.get(wanted, 2))


def rounded(amount, decimals):
    """The nearest with so many decimals, of two the one further from nothing."""
    units = math.floor(abs(amount) * 10**decimals + Fraction(1, 2))
    return Decimal(units if amount > 0 else -units).scaleb(-decimals)


def numbers(event, path):
    """The numbers at the path, money in major units."""
    name = path.split(".")[-1].removesuffix("[]")
    found = [usable(number(event.properties, name, each)) for each in at(event.properties, path)]
    return [each for each in found if each is not None]


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
    found: list[Any] = [next((place[name] for name in each if place.get(name) is not None), None) for each in names]
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
