"""Export the members of a segment to a file, for a spreadsheet or a program.

Who is a member is found at one instant; what is said of them is that of the moment at which the file is written.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

import typer

from cli import output
from cli.client import Client, connect, quoted
from cli.errors import CliError
from cli.options import AsJson, Host
from cli.progress import bar

EXAMPLES = (
    "segue export buyers --out buyers.csv --local",
    "segue export buyers --addresses --trait first_name --out buyers.csv --local",
    "segue export buyers --format ndjson --out buyers.ndjson --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    segment: Annotated[str, typer.Argument(help="The segment's id.", metavar="SEGMENT")]
    out: Annotated[Path, typer.Option(help="The file, which only you may read.", metavar="FILE")]
    format: Annotated[Literal["csv", "ndjson"], typer.Option(help="CSV, or a JSON object a line.")] = "csv"
    trait: Annotated[
        list[str] | None, typer.Option(help="A trait whose value is told; may be repeated.", metavar="NAME")
    ] = None
    addresses: Annotated[
        bool, typer.Option("--addresses", help="The e-mail address, with consent and what forbids to write to it.")
    ] = False
    at: Annotated[str | None, typer.Option(help="As of this instant (RFC 3339) instead of now.", metavar="TIME")] = None


def run(args: Arguments) -> int:
    """Write the file, whole or not at all, and say how many people are in it."""
    wanted = {"format": args.format, "traits": args.trait or [], "addresses": args.addresses}
    with connect(args) as client:
        with bar("finding") as client.moved:
            path = f"/api/segments/{quoted(args.segment)}/export"
            found = client.post(path, wanted | ({"at": args.at} if args.at else {}))
        with _whole(args.out) as file:
            people = _write(client, found, file)
    if args.json:
        output.as_json({"file": str(args.out), "people": people, "count": found["count"]})
        return 0
    output.line((f"{args.out}: {output.people(people)}", "bold"))
    if people < found["count"]:
        output.note(f"{output.people(found['count'])} were found; some were erased, or have become one, since")
    return 0


def _write(client: Client, found: dict[str, Any], file: TextIO) -> int:
    """Write the head and every row, somebody who is on two pages once; return how many people these are."""
    written, following = set[str](), None
    with bar("writing", found["count"]) as move:
        while True:
            page = client.get(found["pages"], {"next": following})
            if following is None:
                file.write(page["head"])
            for person, row in zip(page["people"], page["rows"], strict=True):
                if person not in written:
                    written.add(person)
                    file.write(row)
            move(len(written), found["count"])
            if (following := page["next"]) is None:
                return len(written)


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A file that takes the path's place once it is written, and that nobody else may read."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise CliError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
