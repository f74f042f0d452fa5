"""Publish the definitions of a folder, in an order in which each finds what it refers to."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from cli.client import Client, CliError, RefusedByHost, add_host, connect, quoted

# What is referred to comes first; within a kind, rounds find the order.
ORDER = ("templates", "scores", "segments", "flows")
_ENDINGS = (".yaml", ".yml", ".json")


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", default="definitions", help="holds scores/, segments/, flows/, templates/")
    add_host(parser)


def run(args: Namespace) -> int:
    """Push until all are taken or a whole round takes none; print the faults of the rest."""
    files = find(Path(args.folder))
    client = connect(args)
    refused: dict[Path, RefusedByHost] = {}
    waiting = files
    while waiting:
        refused = _round(client, waiting)
        if len(refused) == len(waiting):
            break
        waiting = [path for path in waiting if path in refused]
    for path, refusal in refused.items():
        for fault in refusal.faults:
            print(describe(path, fault), file=sys.stderr)
    return 1 if refused else 0


def find(folder: Path) -> list[Path]:
    """The definition files, by kind in the order of publishing, then by name."""
    if not folder.is_dir():
        raise CliError(f"{folder} is not a folder")
    files = [path for kind in ORDER for path in sorted((folder / kind).glob("*")) if path.suffix in _ENDINGS]
    if not files:
        raise CliError(f"{folder} has no definition in {', '.join(f'{kind}/' for kind in ORDER)}")
    return files


def _round(client: Client, files: list[Path]) -> dict[Path, RefusedByHost]:
    refused = {}
    for path in files:
        kind, name = path.parent.name, path.stem
        try:
            answer = client.put(f"/api/definitions/{kind}/{quoted(name)}", path.read_text(encoding="utf-8"))
        except RefusedByHost as error:
            refused[path] = error
        except UnicodeDecodeError:
            raise CliError(f"{path} is not UTF-8 text") from None
        else:
            print(f"{path}: version {answer['version']}")
    return refused


def describe(path: Path, fault: dict[str, Any]) -> str:
    """A fault as compilers print it: file:line:column: message."""
    place = ":".join(str(part) for part in (path, fault.get("line"), fault.get("column")) if part)
    hint = f" (did you mean {fault['suggestion']!r}?)" if fault.get("suggestion") else ""
    return f"{place}: {fault.get('message')}{hint}"
