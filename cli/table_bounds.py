"""Bounds of the request units a second that a table and each of its indexes take.

The stack sets those of its own tables (``-c max_write_units``); a restored table that it uses is none of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from functions.topology_rows import Table

# DynamoDB's word for no bound.
NONE = -1
_READS, _WRITES = "MaxReadRequestUnits", "MaxWriteRequestUnits"


class Bounds(NamedTuple):
    """The most read and write units a second, ``NONE`` for no bound; None leaves what is there."""

    reads: int | None
    writes: int | None

    @property
    def wrong(self) -> str:
        """What is wrong with them, in words; empty if nothing."""
        refused = [str(each) for each in self if each is not None and each != NONE and each < 1]
        return f"{', '.join(refused)}: a bound is 1 unit a second or more, or {NONE} for none" if refused else ""

    def changes(self, row: Table, described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What UpdateTable is told, one request after the other; none if table and indexes have these bounds."""
        if differing := self._differing(described):
            yield {"OnDemandThroughput": differing}
        indexes = {each["IndexName"]: each for each in described.get("GlobalSecondaryIndexes") or ()}
        for index in row.indexes:
            if differing := self._differing(indexes[index.name]):
                update = {"IndexName": index.name, "OnDemandThroughput": differing}
                yield {"GlobalSecondaryIndexUpdates": [{"Update": update}]}

    def _differing(self, described: Mapping[str, Any]) -> dict[str, int]:
        """The bounds that are not those of the table or index; DynamoDB leaves out, or says -1, if there is none."""
        stored = described.get("OnDemandThroughput") or {}
        wanted = {_READS: self.reads, _WRITES: self.writes}
        return {name: units for name, units in wanted.items() if units is not None and units != stored.get(name, NONE)}
