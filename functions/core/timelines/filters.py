"""Filters: the comparisons of properties and traits in ``where`` and ``trait``, and the values that satisfy them.

A filter is JSON: ``{"property": path, "compare": operator, "value": value}``, ``{"and": [filter …]}`` or
``{"or": [filter …]}``. A path is dotted; ``products[].category`` stands for the category of any member.
A value that is missing, null or of another type than the compared one satisfies no comparison, ``!=`` included.
"""

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from functions.core.base.money import decimal, number

Filter = Mapping[str, Any]
Predicate = Callable[[Mapping[str, Any]], bool]
Test = Callable[[Any], bool]
Path = tuple[tuple[str, bool], ...]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
ORDERED = frozenset({">", ">=", "<", "<="})
NEAR = "within metres"

# The exponent of the finest number: numbers with more decimals are not compared, so that exact sums stay small.
_FINEST = -24

# Mean radius in metres (IUGG).
_EARTH = 6_371_008.8


@lru_cache(maxsize=1 << 10)
def path_of(text: str) -> Path:
    """The steps of a path such as ``products[].category``: (name, True if ``[]`` follows: any member of a list)."""
    return tuple((part.removesuffix("[]"), part.endswith("[]")) for part in text.split("."))


def values(source: Any, path: Path) -> list[Any]:
    """All values at the path, without nulls; empty if there are none."""
    if len(path) == 1 and not path[0][1] and type(source) is dict:
        # The usual case, by far.
        value = source.get(path[0][0])
        return [] if value is None else [value]
    results = [source]
    for name, many in path:
        results = [each[name] for each in results if isinstance(each, Mapping) and each.get(name) is not None]
        if many:
            results = [member for each in results if isinstance(each, list | tuple) for member in each]
    return [each for each in results if each is not None]


def exact(value: Decimal | None) -> Decimal | None:
    """The number, or None if it is 10**24 or more or has more than 24 decimals, so that sums are exact."""
    if value is None or decimal(value) is None:
        return None
    return value if not value or int(value.as_tuple().exponent) >= _FINEST else _shortened(value)


def _shortened(value: Decimal) -> Decimal | None:
    shorter = value.normalize()
    return shorter if shorter == value and int(shorter.as_tuple().exponent) >= _FINEST else None


def property_value(properties: Mapping[str, Any], name: str, value: Any) -> Any:
    """A property's value in the types that comparisons take: text, bool, list, or Decimal with money in major units.

    None for other types. ``name`` is the last part of the property's path; ``properties`` are the event's, for its
    currency.
    """
    if isinstance(value, str | bool | list | tuple):
        return value
    return exact(number(properties, name, value))


def trait_value(value: Any) -> Any:
    """A trait's value in the types that comparisons take: text, bool, list, or Decimal as it was sent; else None."""
    if isinstance(value, str | bool | list | tuple):
        return value
    return exact(decimal(value)) if isinstance(value, int | Decimal) else None


def constant(value: Any) -> Any:
    """A value from a definition in the types that comparisons take: a number becomes an exact Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def comparison(compare: str, expected: Any) -> Test:
    """The test for an operator and an expected value; it takes a value from ``property_value`` or ``trait_value``.

    For operators that are none of the comparisons (``exists``) the test is always True.
    """
    if compare in COMPARISONS:
        return _compared(COMPARISONS[compare], constant(expected))
    if compare == "in":
        members = [constant(each) for each in expected]
        return lambda value: any(type(value) is type(each) and value == each for each in members)
    if compare == "contains":
        return _contains(constant(expected))
    if compare == "starts with":
        return lambda value: isinstance(value, str) and value.startswith(expected)
    return lambda value: True


def _compared(compare: Callable[[Any, Any], bool], operand: Any) -> Test:
    kind = type(operand)
    return lambda value: type(value) is kind and compare(value, operand)


def _contains(operand: Any) -> Test:
    def test(value: Any) -> bool:
        if isinstance(value, str):
            return isinstance(operand, str) and operand in value
        if isinstance(value, list | tuple):
            return any(type(each) is type(operand) and each == operand for each in map(trait_value, value))
        return False

    return test


def point(value: Any) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of a place such as ``{"latitude": 52.52, "longitude": 13.4}``; else None.

    The short names ``lat``, ``lon`` and ``lng`` are read too.
    """
    if not isinstance(value, Mapping):
        return None
    latitude = _degrees(value, ("latitude", "lat"), 90)
    longitude = _degrees(value, ("longitude", "lon", "lng"), 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(place: Mapping[str, Any], names: tuple[str, ...], most: int) -> float | None:
    degrees = next((place[name] for name in names if place.get(name) is not None), None)
    number = None if isinstance(degrees, str | bool) else decimal(degrees)
    return None if number is None or abs(number) > most else float(number)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance in metres between two (latitude, longitude) along a sphere of the Earth's mean radius."""
    south, north = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def _near(distance: Any, latitude: Any, longitude: Any) -> Test:
    centre, most = (float(latitude), float(longitude)), float(distance)

    def test(value: Any) -> bool:
        place = point(value)
        return place is not None and metres(place, centre) <= most

    return test


def predicate(where: Filter | None) -> Predicate:
    """Compile the filter to a function of an event's properties; no filter accepts everything."""
    if where is None:
        return lambda properties: True
    if "and" in where:
        every = [predicate(each) for each in where["and"]]
        return lambda properties: all(each(properties) for each in every)
    if "or" in where:
        some = [predicate(each) for each in where["or"]]
        return lambda properties: any(each(properties) for each in some)
    return _property(where)


def _property(where: Filter) -> Predicate:
    path, compare = path_of(where["property"]), where["compare"]
    if compare in ("exists", "missing"):
        expected = compare == "exists"
        return lambda properties: bool(values(properties, path)) is expected
    if compare == NEAR:
        near = _near(*where["value"])
        return lambda properties: any(map(near, values(properties, path)))
    test, name = comparison(compare, where["value"]), path[-1][0]
    if path == ((name, False),):
        return lambda properties: (
            (value := properties.get(name)) is not None and test(property_value(properties, name, value))
        )
    return lambda properties: any(test(property_value(properties, name, value)) for value in values(properties, path))


def equalities(where: Filter | None) -> Iterator[tuple[str, str]]:
    """The (path, text) equalities that hold for every event that passes the filter, for lookups in an index."""
    if where is None:
        return
    if "and" in where:
        for each in where["and"]:
            yield from equalities(each)
    elif where.get("compare") == "=" and isinstance(where["value"], str):
        yield where["property"], where["value"]
