"""Tell what publishing files would change, without publishing.

The files are weighed as if all of them were current. Told are the segments and flows among them, and other segments
that what they refer to would change.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.client import connect
from cli.errors import CliError, Refusal, RefusedByHost
from cli.folder import find
from cli.impacts import STILL, Impact, ask, sentences
from cli.options import AsJson, Host
from cli.plan import lines_of

EXAMPLES = (
    "segue impact my-shop/flows/cart-recovery.yaml --local",
    "segue impact my-shop/segments --send-backfilled --json --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    paths: Annotated[list[Path], typer.Argument(help="Files and folders, as `segue push` takes them.", metavar="PATH")]
    send_backfilled: Annotated[
        bool, typer.Option("--send-backfilled", help="As if those whom segments bring in were to enter now.")
    ] = False


def run(args: Arguments) -> int:
    """Print what would become of people, or of runs under way; raises Refusal for what has faults."""
    files = find(args.paths)
    if all(each.kind in STILL for each in files):
        raise CliError(f"{files[0].path}: impact is told of segments and flows, not of {files[0].kind}")
    with connect(args) as client:
        try:
            answers = ask(client, files, send=args.send_backfilled)
        except RefusedByHost as refused:
            raise Refusal(lines_of(files, refused), refused.faults) from None
    if args.json:
        output.as_json(answers)
        return 0
    for address, answer in answers.items():
        _show(address, answer)
    return 0


def _show(address: str, answer: Impact) -> None:
    """The sentences, and for a flow the ids of its steps, since they name the places in it."""
    output.line((address, "bold"))
    if "steps" in answer:
        output.line(f"  steps: {', '.join(answer['steps'])}")
    for sentence in sentences(answer):
        output.line(f"  {sentence}")
