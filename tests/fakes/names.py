"""Names that events used."""

from functions.core.definitions.vocabulary.seen import MOST, SORTS, Names


class FakeNames:
    """Names by sort, up to so many of each."""

    def __init__(self) -> None:
        self.rows: dict[str, set[str]] = {sort: set() for sort in SORTS}

    def all(self) -> Names:
        return {sort: frozenset(names) for sort, names in self.rows.items()}

    def note(self, names: Names) -> None:
        for sort, stored in self.rows.items():
            stored.update(sorted(names[sort] - stored)[: max(0, MOST[sort] - len(stored))])
