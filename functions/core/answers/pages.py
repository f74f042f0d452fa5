"""Pages of lists, newest first: as much as one answer carries, and the place at which the next page begins."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from functions.core.base.errors import Fault, Malformed
from functions.core.base.limits import LARGEST_ANSWER

T = TypeVar("T")
View = dict[str, Any]
# Items of a page whose request has no limit of its own.
MOST = 1_000
_INSTANT = re.compile(r"-?\d{1,12}", re.ASCII)
_PLACE = re.compile(r"(\d{1,12})#([0-9a-f]{16})")


class Page(NamedTuple):
    """The items of one answer, and the place to hand back for the next; None on the last page."""

    items: list[View]
    next: str | None


class Place(NamedTuple):
    """Where a row stands in a list: its time (seconds UTC) and a digest of what names it."""

    at: int
    digest: str

    def __str__(self) -> str:
        return f"{max(self.at, 0)}#{self.digest}"


def place(at: int, *names: object) -> Place:
    """The place of a row of that time and those names."""
    return Place(at, hashlib.sha256(json.dumps(names, default=str).encode()).hexdigest()[:16])


def fitting(views: Iterable[View], limit: int) -> list[View]:
    """The first of the views, as many as ``limit`` and one answer allow, one at least."""
    items, size = list[View](), 0
    for view in views:
        size += carried(view)
        if len(items) == limit or (items and size > LARGEST_ANSWER):
            break
        items.append(view)
    return items


def carried(view: object) -> int:
    """The bytes of a value in an answer: Lambda carries a JSON body as a text in JSON, which escapes it once more."""
    body = json.dumps(view, ensure_ascii=False, default=str)
    return len(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def with_room(views: Iterable[View], key: str) -> tuple[list[View], int]:
    """The views with as many entries of their lists ``key`` as one answer carries, and how many had no room."""
    views = list(views)
    kept = [{name: value for name, value in view.items() if name != key} for view in views]
    size, left_out = sum(map(carried, kept)), 0
    for view, shown in zip(views, kept, strict=True):
        for entry in view.get(key, ()):
            size += carried(entry)
            if size > LARGEST_ANSWER:
                left_out += 1
            else:
                shown.setdefault(key, []).append(entry)
    return kept, left_out


def by_name(names: Iterable[str], view: Callable[[str], View], start: str | None) -> tuple[dict[str, View], str | None]:
    """A page of what there is for each name, in the order of the names after ``start``; no other view is made."""
    rest = sorted(name for name in names if start is None or name > start)
    items = fitting(map(view, rest), len(rest))
    return dict(zip(rest, items, strict=False)), rest[len(items) - 1] if len(items) < len(rest) else None


def page(
    rows: Sequence[T], view: Callable[[T], View], place_of: Callable[[T], Place], limit: int, start: str | None
) -> Page:
    """A page of rows that are in order, newest first, after the place ``start``; raises Malformed for no place."""
    rest = rows if start is None else _after(rows, place_of, start)
    items = fitting(map(view, rest), limit)
    return Page(items, str(place_of(rest[len(items) - 1])) if len(items) < len(rest) else None)


def oldest_first(rows: Sequence[View], name: str, view: Callable[[View], View], start: str | None) -> Page:
    """A page of rows in the order of their instants ``name`` (seconds UTC), each its own, after the instant ``start``.

    Raises Malformed for a start that no page returned.
    """
    if start is not None and _INSTANT.fullmatch(start) is None:
        raise Malformed(Fault("not a place that this list gave", "next"))
    rest = [row for row in rows if start is None or row[name] > int(start)]
    items = fitting(map(view, rest), len(rest))
    return Page(items, str(rest[len(items) - 1][name]) if len(items) < len(rest) else None)


def by_id(views: Iterable[View], start: str | None) -> Page:
    """A page of a list in order of ``id``, after the id ``start``."""
    rest = [view for view in views if start is None or view["id"] > start]
    items = fitting(rest, MOST)
    return Page(items, items[-1]["id"] if len(items) < len(rest) else None)


def read_again(read: Callable[[int], tuple[list[View], str | None]], limit: int) -> Page:
    """A page that a store reads with a limit, read with a smaller one if an answer does not carry all of it."""
    views, following = read(limit)
    fits = len(fitting(views, limit))
    return Page(*((views, following) if fits == len(views) else read(fits)))


def _after(rows: Sequence[T], place_of: Callable[[T], Place], start: str) -> Sequence[T]:
    """The rows after the one at the place; if that has gone, those of before its time."""
    match = _PLACE.fullmatch(start)
    if match is None:
        raise Malformed(Fault("not a place that this list gave", "next"))
    at = int(match[1])
    for index, row in enumerate(rows):
        if str(place_of(row)) == start:
            return rows[index + 1 :]
    return [row for row in rows if place_of(row).at < at]
