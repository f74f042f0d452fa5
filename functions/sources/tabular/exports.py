"""Ready mappings of other programs' exports: a file of data each, ``mappings/<program>/<name>.json``.

label      what it is, in words
kind       what its rows are
marks      the columns by which it is recognised: it has all of these
columns    target -> column, or the names that the column has had
constants  target -> the value of every row
group      column whose equal values make consecutive rows one order
only       column -> the one value (in capitals) of the rows that are wanted
form       as in ``records.Format``; answers are yes, no, pending or none
files      how a file's name begins -> the constants that it means
"""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from functions.core.base.events import Consent
from functions.sources.tabular.records import Format, Layout

_FOLDER = Path(__file__).parent / "mappings"
ANSWERS: Mapping[str, Consent | None] = {
    "yes": "subscribed",
    "no": "unsubscribed",
    "pending": "pending",
    "none": None,
}


class Export(NamedTuple):
    """A program's export and what its file says."""

    program: str
    name: str
    told: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What it is, in words."""
        return str(self.told["label"])

    def layout(self, header: Collection[str], file: str) -> Layout:
        """The layout of a file of that name with these columns; what it lacks is left out."""
        columns = {target: _present(written, header) for target, written in self.told["columns"].items()}
        form = dict(self.told.get("form", {}))
        form["answers"] = {word: ANSWERS[said] for word, said in form.get("answers", {}).items()}
        return Layout(
            self.told["kind"],
            {target: column for target, column in columns.items() if column},
            {**self.told.get("constants", {}), **(self.by_name(file) or {})},
            self.told.get("group", ""),
            self.told.get("only", {}),
            Format(**form),
        )

    def by_name(self, file: str) -> Mapping[str, str] | None:
        """What the file's name means; None if it is none of those that mean something."""
        named: Mapping[str, Mapping[str, str]] = self.told.get("files", {})
        return next((means for start, means in named.items() if file.lower().startswith(start)), None)

    @property
    def is_told_by_names(self) -> bool:
        """True if names of its files mean something."""
        return "files" in self.told

    def fits(self, header: Collection[str]) -> bool:
        """True if the columns are this export's."""
        return all(mark in header for mark in self.told["marks"])


@cache
def exports() -> Sequence[Export]:
    """All of them; those that are recognised by more columns first."""
    files = sorted(_FOLDER.glob("*/*.json"))
    found = [Export(path.parent.name, path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in files]
    return sorted(found, key=lambda each: -len(each.told["marks"]))


def programs() -> list[str]:
    """The programs whose exports are known."""
    return sorted({each.program for each in exports()})


def recognised(header: Collection[str], program: str = "") -> Export | None:
    """The export that has these columns, of the program if one is named."""
    return next((each for each in exports() if program in ("", each.program) and each.fits(header)), None)


def _present(written: str | Sequence[str], header: Collection[str]) -> str:
    names = [written] if isinstance(written, str) else written
    return next((name for name in names if name in header), "")
