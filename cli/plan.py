"""What publishing files would change, as the host answers before anything is published."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import PRECONDITION_FAILED
from typing import Any

from cli import impacts, output
from cli.client import Client, quoted
from cli.errors import CliError, Refusal, RefusedByHost, Unauthorised, describe
from cli.folder import DefinitionFile

# As the API says it: kind, id, whether it is new, changed or unchanged, and the version that is current.
Change = dict[str, Any]
Query = dict[str, str | int | None]

_STYLES = {"new": "green", "changed": "yellow", "unchanged": "dim", "+": "green", "-": "red", "@": "cyan"}


class Overtaken(CliError):
    """Somebody else published after the plan was made."""


@dataclass(frozen=True)
class Plan:
    """Files, what would become of each, and how they are published.

    ``send`` asks that those whom new versions of segments bring in be treated as entering now. ``seen`` is the latest
    publication when the host was asked; None of a host that does not say it. ``left_out`` is how many warnings its
    answer had no room for.
    """

    client: Client
    files: Sequence[DefinitionFile]
    changes: Sequence[Change]
    send: bool
    seen: int | None
    left_out: int = 0

    @classmethod
    def of(cls, client: Client, files: Sequence[DefinitionFile], *, send: bool) -> "Plan":
        """The plan; raises Refusal with every fault of the texts."""
        answer = _ask(client, files, {"check": "true"})
        seen, left_out = answer.get("revision"), answer.get("warnings_left_out", 0)
        return cls(client, files, answer["definitions"], send, seen, left_out)

    @property
    def fresh(self) -> list[DefinitionFile]:
        """Those that differ from what is current."""
        pairs = zip(self.files, self.changes, strict=True)
        return [file for file, change in pairs if change["change"] != "unchanged"]

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
        if self.left_out:
            output.line((f"{self.left_out} more warnings: check fewer files at once to see them", "yellow"))

    def impacts(self) -> dict[str, impacts.Impact] | CliError:
        """What would come of those that differ, published together; or why it cannot be told.

        The check said that they can be published: whatever it is, it does not stop that.
        """
        try:
            return impacts.ask(self.client, self.fresh, send=self.send) if self.fresh else {}
        except CliError as error:
            return error

    def publish(self) -> Sequence[Change]:
        """Publish all of them or none; where nothing differs, finish what a host that died had left of it.

        Raises Refusal, Overtaken, or CliError if the host did not say how it ended: with what is current and what is
        not.
        """
        query: Query = {"backfilled": "send" if self.send else None, "seen": self.seen}
        try:
            published: Sequence[Change] = _ask(self.client, self.files, query)["definitions"]
        except (Refusal, Unauthorised, Overtaken):
            raise
        except CliError as error:
            raise CliError(f"{error}\n{self._standing()}") from None
        return published

    def _standing(self) -> str:
        """What is current, as far as that can be asked after a publication that was not answered."""
        try:
            now = Plan.of(self.client, self.files, send=self.send)
        except CliError:
            return "whether it was published is not known; push again, which finishes it"
        waiting = [each.address for each in now.fresh]
        current = ", ".join(each.address for each in self.files if each.address not in waiting)
        if not waiting:
            return f"all the same {current} are current; push again, which brings everybody up to them"
        rest = f", current already {current}" if current else ""
        return f"nothing was published: not current {', '.join(waiting)}{rest}; push again"


def _ask(client: Client, files: Sequence[DefinitionFile], query: Query) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.post("/api/definitions", impacts.body_of(files), query)
    except RefusedByHost as refused:
        if refused.status == PRECONDITION_FAILED:
            words = "somebody else has published meanwhile, and nothing was; push again to see what is new"
            raise Overtaken(words) from None
        raise Refusal([*lines_of(files, refused), "nothing was published"], refused.faults) from None
    return answer


def lines_of(files: Sequence[DefinitionFile], refused: RefusedByHost) -> list[str]:
    """Each fault in a line, with the file that it is in."""
    paths = {each.address: each.path for each in files}
    places = [str(each.get("where") or "request") for each in refused.faults]
    return [describe(paths.get(place, place), fault) for place, fault in zip(places, refused.faults, strict=True)]


def _difference(before: str, after: str, version: int) -> Iterator[str]:
    """The lines that differ, below the file's name; those that are told already are left out."""
    sides = (f"version {version}", "this file")
    return difflib.unified_diff(before.splitlines(), after.splitlines(), *sides, n=1, lineterm="")
