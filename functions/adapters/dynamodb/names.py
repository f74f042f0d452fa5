"""Names of events, properties, traits and so on that were seen, in DynamoDB: one row a sort, with a set of strings.

pk sort   n names
"""

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.values import Item, number, text
from functions.core.base.errors import Conflict
from functions.core.definitions.vocabulary.seen import MOST, SORTS, Names


class DynamoNames:
    """The names, and in memory those that this process knows to be there."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, set[str]] | None = None

    def all(self) -> Names:
        """Every name that was seen."""
        found = {sort: frozenset[str]() for sort in SORTS}
        for item in self._calls.read({"names": [{"pk": text(sort)} for sort in SORTS]}, fresh=True)["names"]:
            found[item["pk"]["S"]] = frozenset(item["n"]["SS"])
        return found

    def note(self, names: Names) -> None:
        """Remember the names; those that this process knows cost nothing, and a full row is left alone."""
        if self._known is not None and all(names[sort] <= self._known[sort] for sort in SORTS):
            return
        if self._known is None:
            self._known = {sort: set(found) for sort, found in self.all().items()}
        for sort in SORTS:
            room = MOST[sort] - len(self._known[sort])
            if room > 0 and (fresh := sorted(names[sort] - self._known[sort])[:room]):
                self._add(sort, fresh)
                self._known[sort].update(fresh)

    def _add(self, sort: str, fresh: list[str]) -> None:
        values: Item = {":fresh": {"SS": fresh}, ":most": number(MOST[sort])}
        room = "attribute_not_exists(#n) OR size(#n) < :most"
        try:
            self._calls.update("names", {"pk": text(sort)}, "ADD #n :fresh", room, values)
        except Conflict:
            # Others have filled it meanwhile.
            return
