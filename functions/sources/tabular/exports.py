"""Ready mappings of other programs' exports: a file of data each, ``mappings/<program>/<name>.json``.

label      what it is, in words
kind       what its rows are
marks      the columns by which it is recognised: it has all of these
columns    target -> column, or the names that the column has had
constants  target -> the value of every row
group      column whose equal values make consecutive rows one order
only       column -> the one value of the rows that are wanted
never      column -> values of rows that are not wanted
local      true if dates are the shop's own time, whose zone has to be told
form       as in ``records.Format``; answers are yes, no, pending or none
files      how a file's name begins -> constants and columns that this means
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

    def layout(self, header: Collection[str], file: str, *, is_open: bool = False) -> Layout:
        """The layout of a file of that name with these columns; what it lacks is left out.

        ``is_open`` if rows may have columns that are not in the header, as objects have.
        """
        own = self._by_name(file) or {}
        written = {**self.told["columns"], **own.get("columns", {})}
        columns = {target: _present(each, header, is_open=is_open) for target, each in written.items()}
        form = dict(self.told.get("form", {}))
        form["answers"] = {word: ANSWERS[said] for word, said in form.get("answers", {}).items()}
        return Layout(
            self.told["kind"],
            {target: column for target, column in columns.items() if column},
            {**self.told.get("constants", {}), **own.get("constants", {})},
            self.told.get("group", ""),
            self.told.get("only", {}),
            self.told.get("never", {}),
            Format(**form),
        )

    def _by_name(self, file: str) -> Mapping[str, Any] | None:
        named: Mapping[str, Mapping[str, Any]] = self.told.get("files", {})
        return next((means for start, means in named.items() if file.lower().startswith(start)), None)

    @property
    def has_local_dates(self) -> bool:
        """True if its dates are the shop's own time and do not say of which zone."""
        return bool(self.told.get("local"))

    def lacks_name(self, file: str) -> bool:
        """True if names of its files mean something, and this one does not."""
        return "files" in self.told and self._by_name(file) is None

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


def _present(written: str | Sequence[str], header: Collection[str], *, is_open: bool) -> str:
    names = [written] if isinstance(written, str) else written
    return next((name for name in names if name in header), names[0] if is_open else "")
