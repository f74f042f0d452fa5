"""Count the people for whom a condition holds, without saving anything."""

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from cli import output
from cli.client import connect
from cli.errors import Refusal, RefusedByHost, describe
from cli.options import AsJson, Host
from cli.progress import bar

EXAMPLES = (
    "segue preview 'did \"Order Completed\" within 7 days' --local",
    "segue preview - --json --local < condition.txt",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    when: Annotated[
        str, typer.Argument(help="The condition, or - to read it from standard input.", metavar="CONDITION")
    ]
    at: Annotated[str | None, typer.Option(help="As of this instant (RFC 3339) instead of now.", metavar="TIME")] = None


def run(args: Arguments) -> int:
    """Print the count and a few people; raises Refusal with the faults of the condition."""
    when = sys.stdin.read() if args.when == "-" else args.when
    with connect(args) as client, bar("counting") as client.moved:
        try:
            answer = client.post("/api/preview", {"when": when} | ({"at": args.at} if args.at else {}))
        except RefusedByHost as refused:
            lines = [describe("condition", fault) for fault in refused.faults]
            raise Refusal(lines, refused.faults) from None
    if args.json:
        output.as_json(answer)
        return 0
    for warning in answer.get("warnings", ()):
        output.note((f"note: {warning['message']}", "yellow"))
    output.line((output.people(answer["count"]), "bold"))
    for person in answer["sample"]:
        output.line(f"  {person}")
    return 0
