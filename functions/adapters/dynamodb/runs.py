"""Flow runs in DynamoDB.

pk profile   sk flow#entry   a since   t started   n step   o outcome   v version   shard, due while due
f flow's version
j instant at which it joined another   e since when in the segment that was left

A run that waits while its flow is paused has a shard of its flow's own, which no tick reads, with ``due`` beyond every
instant and w the instant at which its step fell due.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from functions.adapters.dynamodb.calls import ABSENT, Calls, shard_of
from functions.adapters.dynamodb.people import due_rows, save_version
from functions.adapters.dynamodb.values import Item, Value, integer, number, string, text
from functions.core.base.errors import Conflict
from functions.core.base.instants import FOREVER
from functions.core.flows.records import Due, Run


class DynamoRuns:
    """Flow runs."""

    def __init__(self, calls: Calls, shards: int) -> None:
        self._calls = calls
        self._shards = shards

    def start(self, run: Run) -> bool:
        """Write a new run as version 1; False if it exists."""
        try:
            self._calls.put("runs", self._item(run) | {"v": number(1)}, ABSENT)
        except Conflict:
            return False
        return True

    def get(self, profile: str, run_id: str) -> Run | None:
        """The run, read strongly."""
        item = self._calls.get("runs", {"pk": text(profile), "sk": text(run_id)})
        return _run(item) if item else None

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        """The profile's runs, of one flow if named."""
        where, values = "#pk = :pk", {":pk": text(profile)}
        if flow is not None:
            where += " AND begins_with(#sk, :flow)"
            values[":flow"] = text(f"{flow}#")
        return [_run(item) for item in self._calls.query("runs", where, values)]

    def save(self, run: Run) -> None:
        """Write the run if its stored version is still ``run.version``; raises Conflict. Stores version + 1."""
        save_version(self._calls, "runs", self._item(run), run.version)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Runs of the shard that are due before the instant, earliest first; ``key`` is the run's id."""
        return due_rows(self._calls, "runs", "sk", shard, before)

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        """Profile and id of runs that wait for their paused flow; some that go on already may still be among them."""
        where, values = "#shard = :shard", {":shard": text(_waiting(flow))}
        rows = self._calls.query("runs", where, values, IndexName="due", Limit=limit)
        return [(string(row, "pk"), string(row, "sk")) for row in islice(rows, limit)]

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        """Delete the profile's runs: all, or those of these ids."""
        self._calls.forget("runs", profile, runs)

    def _item(self, run: Run) -> Item:
        item = {
            "pk": text(run.profile),
            "sk": text(run.id),
            "a": number(run.since),
            "t": number(run.started),
            "n": text(run.step),
            "f": number(run.flow_version),
        }
        if run.outcome is not None:
            item["o"] = text(run.outcome)
        item |= {name: number(at) for name, at in (("j", run.waiting), ("e", run.entered)) if at is not None}
        if run.due is not None and run.paused:
            item |= {"shard": text(_waiting(run.flow)), "due": number(FOREVER), "w": number(run.due)}
        elif run.due is not None:
            item |= {"shard": text(shard_of(run.profile, self._shards)), "due": number(run.due)}
        return item


def _waiting(flow: str) -> str:
    """The shard of a flow's runs that wait while it is paused."""
    return f"paused#{flow}"


def _run(item: Item) -> Run:
    flow, _, entry = string(item, "sk").partition("#")
    return Run(
        profile=string(item, "pk"),
        flow=flow,
        entry=entry,
        since=integer(item, "a"),
        started=integer(item, "t"),
        step=_step(item["n"]),
        flow_version=integer(item, "f"),
        due=integer(item, "w" if "w" in item else "due") if "due" in item else None,
        outcome=string(item, "o") if "o" in item else None,
        version=integer(item, "v"),
        paused="w" in item,
        waiting=integer(item, "j") if "j" in item else None,
        entered=integer(item, "e") if "e" in item else None,
    )


def _step(value: Value) -> str:
    """The id of a step; rows of before steps had ids hold its number, which is what such a step is known by."""
    return str(value["N"] if "N" in value else value["S"])
