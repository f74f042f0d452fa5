"""How far an import is: a small file beside its report, from which an interrupted one goes on."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cli.errors import CliError


@dataclass(slots=True)
class Totals:
    """What was done with the rows up to a place.

    items     rows, or orders of several rows, that are done with
    taken     of these, those whose messages were taken (or would be)
    messages  how many messages these are
    refused   rows or orders that are in the report
    unasked   rows of another kind than was wanted
    """

    items: int = 0
    taken: int = 0
    messages: int = 0
    refused: int = 0
    unasked: int = 0


@dataclass(slots=True)
class Place:
    """The start of a row or a whole order, in the file that ``digest`` tells from every other, for the same host."""

    path: Path
    digest: str
    totals: Totals = field(default_factory=Totals)
    report: int | None = None

    def save(self, totals: Totals, report: int) -> None:
        """Replace what is stored, all of it or nothing."""
        self.totals, self.report = totals, report
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        part.write_text(json.dumps({"digest": self.digest, "report": report, "totals": asdict(totals)}))
        part.replace(self.path)

    def remove(self) -> None:
        """The import is complete."""
        self.path.unlink(missing_ok=True)


def fresh(path: Path, digest: str) -> Place:
    """The start of the file."""
    return Place(path, digest)


def stored(path: Path, digest: str) -> Place:
    """Where an interrupted import of the file stopped; raises CliError if none did, or anything is another now."""
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        place = Place(path, told["digest"], Totals(**told["totals"]), int(told["report"]))
    except FileNotFoundError:
        raise CliError(f"no import of it was interrupted: there is no {path}; leave out --resume") from None
    except (ValueError, KeyError, TypeError):
        raise CliError(f"{path} is damaged; leave out --resume: what was taken is not taken twice") from None
    if place.digest != digest:
        raise CliError(
            "the file, its columns or the host are not those of the import that was interrupted; leave out --resume: "
            "what was taken is not taken twice"
        )
    return place
