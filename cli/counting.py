"""Counting who is in each segment from a file of events: what `segue count` does once polars is there."""

import csv
import time
from collections import Counter
from pathlib import Path
from typing import Any

from cli import output
from cli.count_options import Arguments
from cli.errors import CliError, Refusal
from cli.local_definitions import segments_of
from cli.progress import bar
from functions.core.base import rfc3339, zones
from functions.core.base.currencies import CODES
from functions.core.base.errors import DefinitionRefused, Malformed
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.definitions.shop import Shop
from functions.core.scores.link import nodes, unknown
from functions.core.scores.rfm import LEAST


def count(args: Arguments) -> int:
    """Print how many people are in each segment, and how many there are."""
    from batch.file import Unreadable

    segments, definitions = segments_of(args.definitions)
    if not args.events.is_file():
        raise CliError(f"{args.events} is not a file" if args.events.exists() else f"{args.events} does not exist")
    try:
        people, members = _counted(segments, definitions, args)
    except DefinitionRefused as refused:
        raise Refusal(["; ".join(fault.message for fault in refused.faults)]) from None
    except Unreadable as fault:
        raise CliError(str(fault)) from None
    if args.json:
        output.as_json({"people": people, "segments": {name: members[name] for name in segments}})
        return 0
    for name in segments:
        output.line(f"{members[name]:>12,}  {name}")
    output.line((f"{people:>12,}  people in {args.events}", "bold"))
    return 0


def _counted(asked: list[str], definitions: list[Definition], args: Arguments) -> tuple[int, Counter[str]]:
    from batch.file import read
    from batch.members import members

    file, now = read(args.events), _instant(args.at)
    segments = _linked(definitions, file, now, (_zone(args.timezone), _currency(args.currency, definitions)))
    with _Writer(args.who) as writer, bar("counting people") as move:
        people, counts = 0, Counter[str]()
        for ids, people_in in members(segments, file, now):
            people += len(ids)
            move(people)
            for name in asked:
                counts[name] += int(people_in[name].sum())
                writer.write(name, ids.filter(people_in[name]))
    return people, counts


def _linked(definitions: list[Definition], file: Any, now: int, shop: tuple[str, str]) -> dict[str, Any]:
    """The conditions with the scores and the RFM borders that they name; the borders are those of the file's people.

    Of the shop its time zone and currency are given.
    """
    from batch.borders import rfm_borders

    scores = {each.id: each.body for each in definitions if each.kind == "scores"}
    if faults := [fault for each in definitions for fault in unknown(each.body, scores)]:
        raise DefinitionRefused(*faults)
    if any(node["op"] == "rfm" for each in definitions for node in nodes(each.body)):
        borders = rfm_borders(file, now, Shop.of(definitions, *shop))
        if "recency" not in borders:
            output.note(f"RFM: {borders['people']} customers ordered, and {LEAST} are needed to tell fifths")
        definitions = [*definitions, Definition("borders", "rfm", 1, "", borders, "", now)]
    return {name: body["when"] for name, body in load(definitions, 0, *shop).segments.items()}


def _currency(option: str | None, definitions: list[Definition]) -> str:
    """The currency in which amounts count; nothing where each is taken as it is."""
    if option is not None and option.upper() not in CODES:
        raise CliError(f"--currency {option!r} is not the code of a currency such as EUR")
    base = next((str(each.body["base"]) for each in definitions if each.kind == "rates"), "")
    if option and base not in ("", option.upper()):
        raise CliError(f"--currency {option!r}: the definitions hold rates into {base}")
    return (option or base).upper()


def _zone(name: str) -> str:
    zone = zones.canonical(name)
    if zone is None:
        raise CliError(f"--timezone {name!r} is not the name of a time zone such as Europe/Berlin")
    return zone


def _instant(at: str | None) -> int:
    try:
        return int(time.time()) if at is None else rfc3339.parse(at, "at")
    except Malformed as malformed:
        raise CliError(f"--at {at!r}: {malformed.faults[0].message}") from None


class _Writer:
    """Writes who is in which segment, if anybody wants to know."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("w", encoding="utf-8", newline="")

    def __enter__(self) -> "_Writer":
        if self._file is not None:
            csv.writer(self._file).writerow(("segment", "person"))
        return self

    def write(self, segment: str, people: Any) -> None:
        """These people are in the segment."""
        if self._file is not None:
            csv.writer(self._file).writerows((segment, person) for person in people)

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
