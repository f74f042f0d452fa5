"""Publish the definitions of a folder, in an order in which each finds what it refers to."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cli import backfills
from cli.client import Client, CliError, RefusedByHost, add_host, connect, quoted

# What is referred to comes first; within a kind, rounds find the order.
ORDER = ("templates", "events", "scores", "segments", "flows")
Refusal = TypeVar("Refusal")
_ENDINGS = (".yaml", ".yml", ".json")


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", default="definitions", help="the folder of definitions/")
    parser.add_argument(
        "--send-backfilled",
        action="store_true",
        help="treat those whom a new version of a segment brings in as entering now: flows write to them",
    )
    parser.add_argument("--wait", action="store_true", help="until everybody is brought up to what was published")
    add_host(parser)


def run(args: Namespace) -> int:
    """Push until all are taken or a whole round takes none; print the faults of the rest."""
    files = find(Path(args.folder))
    client = connect(args)
    refused = in_rounds(files, lambda path: _push(client, path, args.send_backfilled))
    for path, refusal in refused.items():
        for fault in refusal.faults:
            print(describe(path, fault), file=sys.stderr)
    finished = backfills.wait(client) if args.wait else True
    return 1 if refused or not finished else 0


def find(folder: Path) -> list[Path]:
    """The definition files, by kind in the order of publishing, then by name."""
    if not folder.is_dir():
        raise CliError(f"{folder} is not a folder")
    files = [path for kind in ORDER for path in sorted((folder / kind).glob("*")) if path.suffix in _ENDINGS]
    if not files:
        raise CliError(f"{folder} has no definition in {', '.join(f'{kind}/' for kind in ORDER)}")
    return files


def in_rounds(files: list[Path], push: Callable[[Path], Refusal | None]) -> dict[Path, Refusal]:
    """Push what was refused again for as long as a round takes any: what it refers to may have come later."""
    refused: dict[Path, Refusal] = {}
    waiting = files
    while waiting:
        refused = {path: refusal for path in waiting if (refusal := push(path)) is not None}
        if len(refused) == len(waiting):
            break
        waiting = list(refused)
    return refused


def _push(client: Client, path: Path, send: bool) -> RefusedByHost | None:
    kind, name = path.parent.name, path.stem
    query = {"backfilled": "send"} if send and kind == "segments" else None
    try:
        answer = client.put(f"/api/definitions/{kind}/{quoted(name)}", path.read_text(encoding="utf-8"), query)
    except RefusedByHost as refusal:
        return refusal
    except UnicodeDecodeError:
        raise CliError(f"{path} is not UTF-8 text") from None
    print(f"{path}: version {answer['version']}{_backfilled(answer) if query else ''}")
    return None


def _backfilled(answer: dict[str, Any]) -> str:
    if answer["backfilled"] == "send":
        return ", those whom it brings in enter now"
    return ", which is current already and was published without --send-backfilled: nobody enters now"


def describe(path: Path, fault: dict[str, Any]) -> str:
    """A fault as compilers print it: file:line:column: message."""
    place = ":".join(str(part) for part in (path, fault.get("line"), fault.get("column")) if part)
    hint = f" (did you mean {fault['suggestion']!r}?)" if fault.get("suggestion") else ""
    return f"{place}: {fault.get('message')}{hint}"
