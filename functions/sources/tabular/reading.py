"""Rows of CSV and NDJSON, from lines of text."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from functions.core.base import json_text, texts
from functions.core.base.errors import Fault, Malformed
from functions.sources.tabular.records import Refusal, Row

DELIMITERS = (",", ";", "\t", "|")
# Characters of a cell: a quote that is never closed ends here, and not at the end of the file.
CELL = 65_536
# Characters of a line of a file; a longer one is read as a zero byte (``bounded``).
LINE = 1_048_576
_ENCODING = "is not UTF-8; say --encoding, such as cp1252"
_NO_OBJECT = "is no JSON object"
# A byte that the encoding does not have, as ``errors="surrogateescape"`` reads it.
_ESCAPED = range(0xDC80, 0xDD00)


def delimiter(sample: str) -> str:
    """The character between the columns: the one that gives most rows the width of the first; raises Malformed."""
    lines = sample.splitlines(keepends=True)
    scores = {mark: _score(lines, mark) for mark in DELIMITERS}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > (0, 0) else ","


def _score(lines: list[str], mark: str) -> tuple[float, int]:
    widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
    if not widths or widths[0] < 2:
        return 0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def bounded(text: IO[str]) -> Iterator[str]:
    """The lines of a file, of which a longer one than LINE is a zero byte, however long it is."""
    while line := text.readline(LINE):
        if len(line) < LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := text.readline(LINE)) and not rest.endswith(("\n", "\r")):
            pass
        yield "\0\n"


def csv_rows(lines: Iterable[str], mark: str) -> Iterator[Row | Refusal]:
    """The rows under the header; one that does not fit it is refused. Raises Malformed for a header that is none."""
    csv.field_size_limit(CELL)
    reader = csv.reader(lines, delimiter=mark)
    header = [name.strip() for name in next(reader, [])]
    twice = {name for name in header if header.count(name) > 1}
    if not any(header) or twice:
        what = f"names {', '.join(sorted(twice))} twice" if twice else "names no columns"
        raise Malformed(Fault(f"the first line {what}", "file", 1))
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refusal(line, f"is no row of CSV: {error}; is a quote never closed?")
            continue
        if cells:
            yield _row(line, header, cells)


def _row(line: int, header: list[str], cells: list[str]) -> Row | Refusal:
    if len(cells) != len(header):
        return Refusal(line, f"has {len(cells)} columns, and the first line names {len(header)}")
    if any("\0" in cell for cell in cells):
        return Refusal(line, f"has a zero byte, or a line of more than {LINE} characters")
    if any(ord(character) in _ESCAPED for cell in cells if not cell.isascii() for character in cell):
        return Refusal(line, _ENCODING)
    return Row(line, dict(zip(header, cells, strict=True)))


def json_rows(lines: Iterable[str]) -> Iterator[Row | Refusal]:
    """The object of each line, its inner values under dotted names; any other line is refused."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not texts.is_whole(line):
            yield Refusal(number, _ENCODING)
            continue
        try:
            value = json_text.read(line, where="line")
            # Only an escape can name half of a pair of characters.
            value = texts.healed(value) if "\\ud" in line.lower() else value
            yield Row(number, dict(flat(value, ""))) if isinstance(value, dict) else Refusal(number, _NO_OBJECT)
        except (Malformed, RecursionError):
            yield Refusal(number, "is no JSON")


def flat(value: Mapping[str, Any], before: str) -> Iterator[tuple[str, str | int | bool | Decimal | list[Any] | None]]:
    """The values with the way to each: ``Location.City``; a list of one value is that value."""
    for key, inner in value.items():
        name = f"{before}{key}"
        if isinstance(inner, dict):
            yield from flat(inner, f"{name}.")
        else:
            yield name, inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
