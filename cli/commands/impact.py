"""Tell what publishing segments or flows would change, without publishing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.client import Client, connect
from cli.errors import CliError, Refusal, RefusedByHost, describe
from cli.folder import DefinitionFile, find
from cli.impacts import KINDS, Impact, ask, sentences
from cli.options import AsJson, Host
from cli.progress import track

EXAMPLES = (
    "segue impact my-shop/flows/cart-recovery.yaml --local",
    "segue impact my-shop/segments --send-backfilled --json --local",
)
Answers = dict[str, Impact]
Faults = list[tuple[DefinitionFile, RefusedByHost]]


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    paths: Annotated[
        list[Path], typer.Argument(help="Files of segments and flows, as `segue push` takes them.", metavar="PATH")
    ]
    send_backfilled: Annotated[
        bool, typer.Option("--send-backfilled", help="As if those whom segments bring in were to enter now.")
    ] = False


def run(args: Arguments) -> int:
    """Print what would become of people, or of runs under way, for each file; raises Refused for what has faults."""
    files = find(args.paths)
    if other := next((each for each in files if each.kind not in KINDS), None):
        raise CliError(f"{other.path}: impact is told of {' and '.join(KINDS)}, not of {other.kind}")
    with connect(args) as client:
        answers, faults = _ask_all(client, files, send=args.send_backfilled)
    if args.json:
        output.as_json(answers)
    else:
        for address, answer in answers.items():
            _show(address, answer)
    if faults:
        lines = [describe(file.path, fault) for file, refused in faults for fault in refused.faults]
        raise Refusal(lines, [fault for _, refused in faults for fault in refused.faults])
    return 0


def _ask_all(client: Client, files: list[DefinitionFile], *, send: bool) -> tuple[Answers, Faults]:
    answers, faults = Answers(), Faults()
    for file in track(files, "asking for the impact"):
        try:
            answers[file.address] = ask(client, file, send=send)
        except RefusedByHost as refused:
            faults.append((file, refused))
    return answers, faults


def _show(address: str, answer: Impact) -> None:
    """The sentences, and for a flow the ids of its steps, since they name the places in it."""
    output.line((address, "bold"))
    if "steps" in answer:
        output.line(f"  steps: {', '.join(answer['steps'])}")
    for sentence in sentences(answer):
        output.line(f"  {sentence}")
