"""What publishing files would do, as the host says it before it is done."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cli import impacts, output
from cli.client import Client, quoted
from cli.errors import CliError, Refusal, RefusedByHost, describe
from cli.folder import DefinitionFile
from cli.progress import track

# As the API says it: kind, id, whether it is new, changed or unchanged, and the version that is current.
Change = dict[str, Any]
Planned = tuple[DefinitionFile, Change]

_STYLES = {"new": "green", "changed": "yellow", "unchanged": "dim", "+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True)
class Plan:
    """Files, what would become of each, and how they are published.

    ``send`` asks that those whom new versions of segments bring in be treated as entering now.
    """

    client: Client
    files: Sequence[DefinitionFile]
    changes: Sequence[Change]
    send: bool

    @classmethod
    def of(cls, client: Client, files: Sequence[DefinitionFile], *, send: bool) -> "Plan":
        """The plan; raises Refused with every fault of the texts."""
        return cls(client, files, _ask(client, files, {"check": "true"}), send)

    @property
    def fresh(self) -> list[Planned]:
        """Those that differ from what is current."""
        return [each for each in zip(self.files, self.changes, strict=True) if each[1]["change"] != "unchanged"]

    def show(self, *, lines: bool) -> None:
        """Print what would become of each file, with the ``lines`` that differ, and warnings."""
        for file, change in zip(self.files, self.changes, strict=True):
            output.line(f"{file.path}: ", (change["change"], _STYLES[change["change"]]))
            if lines and change["change"] == "changed":
                before = self.client.get(f"/api/definitions/{file.kind}/{quoted(file.id)}")
                for line in _difference(before["text"], file.text(), before["version"]):
                    output.line((f"  {line}", _STYLES.get(line[:1], "")))
            for warning in change.get("warnings", ()):
                output.line((f"  warning: {describe(file.path, warning)}", "yellow"))

    def impacts(self) -> Iterator[tuple[Planned, impacts.Impact | CliError]]:
        """What would come of each that differs, or why it cannot be told.

        Of flows only changed ones: under a new one no run is on its way.
        """
        asked = [
            (file, change)
            for file, change in self.fresh
            if file.kind in impacts.KINDS and (file.kind, change["change"]) != ("flows", "new")
        ]
        for file, change in track(asked, "asking for the impact"):
            try:
                yield (file, change), impacts.ask(self.client, file, send=self.send)
            except CliError as error:
                # The check said that it can be published: whatever this is, it does not stop that.
                yield (file, change), error

    def publish(self) -> Sequence[Change]:
        """Publish all of them or none; raises Refused, or CliError if others have published since it was planned."""
        return _ask(self.client, self.files, {"backfilled": "send" if self.send else None})

    def must_still_hold(self) -> None:
        """Raise CliError if what is current is not what it was when the plan was made and shown."""
        if _ask(self.client, self.files, {"check": "true"}) != self.changes:
            raise CliError("somebody else has published meanwhile, and nothing was; push again to see what is new")


def _ask(client: Client, files: Sequence[DefinitionFile], query: dict[str, str | None]) -> Sequence[Change]:
    definitions = [{"kind": each.kind, "id": each.id, "text": each.text()} for each in files]
    try:
        changes: list[Change] = client.post("/api/definitions", {"definitions": definitions}, query)["definitions"]
    except RefusedByHost as refused:
        paths = {each.address: each.path for each in files}
        lines = [
            describe(paths.get(str(each.get("where")), each.get("where") or "request"), each) for each in refused.faults
        ]
        raise Refusal([*lines, "nothing was published"], refused.faults) from None
    return changes


def _difference(before: str, after: str, version: int) -> Iterator[str]:
    """The lines that differ, below the file's name; those that are told already are left out."""
    sides = (f"version {version}", "this file")
    return difflib.unified_diff(before.splitlines(), after.splitlines(), *sides, n=1, lineterm="")
