"""Backfills in DynamoDB, all in one partition in order of their revisions.

pk "backfill"   sk revision           c cause   t began   o lanes   a profiles, about
pk "backfill"   sk revision#lane      n pages   s seen    p place to go on from   f finished

A lane's row is written whole, with counts from the lane's beginning: whoever does a page again, or side by side with
another, counts nobody twice.
"""

from collections.abc import Iterator
from itertools import groupby

from functions.adapters.dynamodb.calls import ABSENT, Calls, Listing, swallow
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.adapters.errors import ConditionFailed
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Backfill, Lane

_BEHIND = f"{ABSENT} OR #n < :n"


class DynamoBackfills:
    """Backfills, and how far each has come."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def begin(self, made: Backfill) -> None:
        """Record a backfill, without its lanes; one that is recorded stays as it is."""
        item = _key(made.revision) | {
            "c": text(made.cause),
            "t": number(made.began),
            "o": number(made.of),
            "a": number(made.about),
        }
        swallow(Conflict, lambda: self._calls.put("backfills", item, ABSENT))

    def newest(self) -> int:
        """The revision of the latest backfill; 0 before the first."""
        row = next(self._rows({"ScanIndexForward": False, "Limit": 1}), None)
        return _place(row)[0] if row else 0

    def lane(self, revision: int, number: int) -> Lane:
        """How far the lane is, read strongly; at its beginning if nobody has begun."""
        item = self._calls.get("backfills", _key(revision, number))
        return _lane(item) if item else Lane(number)

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record how far the lane is unless it is further already; return what is recorded."""
        item = _key(revision, lane.number) | {"n": number(lane.pages), "s": number(lane.seen)}
        if lane.place is not None:
            item["p"] = text(lane.place)
        if lane.finished is not None:
            item["f"] = number(lane.finished)
        try:
            self._calls.put("backfills", item, _BEHIND, {":n": item["n"]}, show=True)
        except ConditionFailed as failed:
            return _lane(dict(failed.item)) if failed.item else self.lane(revision, lane.number)
        return lane

    def latest(self, count: int) -> list[Backfill]:
        """The latest backfills with their lanes, newest first."""
        found: list[Backfill] = []
        for _, rows in groupby(self._rows({"ScanIndexForward": False}), lambda row: _place(row)[0]):
            *lanes, head = rows
            if "c" in head:
                found.append(_pass(head, lanes))
            if len(found) == count:
                break
        return found

    def _rows(self, how: Listing) -> Iterator[Item]:
        return self._calls.query("backfills", "#pk = :pk", {":pk": text("backfill")}, **how)


def _key(revision: int, lane: int | None = None) -> Item:
    sort = f"{revision:010d}" if lane is None else f"{revision:010d}#{lane:04d}"
    return {"pk": text("backfill"), "sk": text(sort)}


def _place(row: Item) -> tuple[int, int]:
    revision, _, lane = string(row, "sk").partition("#")
    return int(revision), int(lane or 0)


def _lane(row: Item) -> Lane:
    finished = integer(row, "f") if "f" in row else None
    place = string(row, "p") if "p" in row else None
    return Lane(_place(row)[1], integer(row, "n"), integer(row, "s"), place, finished)


def _pass(head: Item, lanes: list[Item]) -> Backfill:
    return Backfill(
        revision=_place(head)[0],
        cause=string(head, "c"),
        began=integer(head, "t"),
        of=integer(head, "o"),
        about=integer(head, "a"),
        lanes=tuple(sorted(map(_lane, lanes), key=lambda lane: lane.number)),
    )
