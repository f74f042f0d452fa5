"""Publish definitions, all of them or none: everything is checked first, and what changes is shown.

Takes a folder that holds segments/, flows/ and so on, a folder of one kind, or single files.
"""

import difflib
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cli.client import Client, add_host, connect, quoted
from cli.errors import RefusedByHost, describe
from cli.folder import DefinitionFile, find
from cli.passes import wait

Change = dict[str, Any]


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("paths", nargs="*", default=["definitions"], help="folders or files; definitions without any")
    parser.add_argument("--dry-run", action="store_true", help="check and show what would change, publish nothing")
    parser.add_argument("--quiet", action="store_true", help="show no lines of what changes")
    parser.add_argument(
        "--send-backfilled",
        action="store_true",
        help="treat those whom a new version of a segment brings in as entering now: flows write to them",
    )
    parser.add_argument("--wait", action="store_true", help="until everybody is brought up to what was published")
    parser.add_argument("--json", action="store_true", help="the answer as the API gives it")
    add_host(parser)


def run(args: Namespace) -> int:
    """Check, show, publish."""
    files = find(map(Path, args.paths))
    client = connect(args)
    try:
        changes = _ask(client, files, {"check": "true"})
        if not args.json:
            _show(client, files, changes, lines=not args.quiet)
        if not args.dry_run:
            changes = _ask(client, files, {"backfilled": "send" if args.send_backfilled else None})
    except RefusedByHost as refused:
        return _refused(files, refused)
    if args.json:
        print(json.dumps(changes, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_summary(changes, dry=args.dry_run, send=args.send_backfilled)))
    return 0 if args.dry_run or not args.wait or wait(client, quiet=args.json) else 1


def _ask(client: Client, files: Sequence[DefinitionFile], query: dict[str, str | None]) -> list[Change]:
    definitions = [{"kind": each.kind, "id": each.id, "text": each.text()} for each in files]
    found: list[Change] = client.post("/api/definitions", {"definitions": definitions}, query)["definitions"]
    return found


def _show(client: Client, files: Sequence[DefinitionFile], changes: Sequence[Change], *, lines: bool) -> None:
    for file, change in zip(files, changes, strict=True):
        print(f"{file.path}: {change['change']}")
        if lines and change["change"] == "changed":
            before = client.get(f"/api/definitions/{file.kind}/{quoted(file.id)}")
            print("\n".join(_difference(before["text"], file.text(), before["version"])))
        for warning in change.get("warnings", ()):
            print(f"  warning: {describe(file.path, warning)}")


def _difference(before: str, after: str, version: int) -> Iterator[str]:
    """The lines that differ, below the file's name; those that are told already are left out."""
    told = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"version {version}", "this file", "", "", 1, ""
    )
    yield from (f"  {line}" for line in told)


def _summary(changes: Sequence[Change], *, dry: bool, send: bool) -> Iterator[str]:
    fresh = [change for change in changes if change["change"] != "unchanged"]
    same = len(changes) - len(fresh)
    rest = f", {same} unchanged" if same else ""
    if dry:
        yield f"would publish {len(fresh)}{rest}; nothing was published"
    elif not fresh:
        yield f"nothing to publish: {same} unchanged"
    else:
        yield f"published {len(fresh)}{rest}"
    for change in fresh if not dry else ():
        enter = ", those whom it brings in enter now" if change.get("backfilled") == "send" else ""
        yield f"  {change['kind']}/{change['id']} version {change['version']}{enter}"
    for change in changes if send and not dry else ():
        if change["change"] == "unchanged" and change.get("backfilled") == "silent":
            yield f"  {change['kind']}/{change['id']} is current already, without --send-backfilled: nobody enters now"


def _refused(files: Sequence[DefinitionFile], refused: RefusedByHost) -> int:
    paths = {each.address: each.path for each in files}
    for fault in refused.faults:
        print(describe(paths.get(str(fault.get("where")), fault.get("where") or "request"), fault), file=sys.stderr)
    print("nothing was published", file=sys.stderr)
    return 1
