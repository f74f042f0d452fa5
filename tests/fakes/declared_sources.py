"""Sources that the shop declares, as the fake definitions have them."""

from collections.abc import Mapping

from functions.core.definitions.records import Body
from tests.fakes.definitions import FakeDefinitions


class FakeDeclaredSources:
    """What was last published of each."""

    def __init__(self, definitions: FakeDefinitions) -> None:
        self._definitions = definitions

    def all(self) -> Mapping[str, Body | None]:
        rows = self._definitions.rows.items()
        return {name: None if last[-1].withdrawn else last[-1].body for (kind, name), last in rows if kind == "sources"}
