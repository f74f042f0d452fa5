"""Rebuild all profiles from the log, after rows were lost or damaged.

What is right stays as it is, and nobody is written to for what is found.
"""

from dataclasses import dataclass
from typing import Any

from cli import output
from cli.client import connect
from cli.options import AsJson, Host
from cli.progress import bar

EXAMPLES = ("segue rebuild --local",)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""


def run(args: Arguments) -> int:
    """Ask for it, wait, and print how many people were not as the log says."""
    with connect(args) as client, bar("rebuilding from the log") as client.moved:
        result = client.post("/api/rebuilds", {})
    if args.json:
        output.as_json(result)
    else:
        output.line(_said(result))
    return 1 if result["failed"] else 0


def _said(result: dict[str, Any]) -> str:
    failed = f"; {result['failed']} failed and are parked: `segue refold --parked`" if result["failed"] else ""
    were, are = ("was", "is") if result["rebuilt"] == 1 else ("were", "are")
    return f"{output.people(result['rebuilt'])} {were} not as the log says, and {are} now{failed}"
