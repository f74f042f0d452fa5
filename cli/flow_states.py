"""What the commands that turn a flow on and off share."""

from dataclasses import dataclass
from typing import Annotated

import typer

from cli import output
from cli.client import connect, quoted
from cli.options import AsJson, Host


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The arguments of each of them."""

    flow: Annotated[str, typer.Argument(help="The flow's id.")]


def turn(args: Arguments, state: str) -> int:
    """Give the flow the state and print the version that has it."""
    with connect(args) as client:
        saved = client.put(f"/api/flows/{quoted(args.flow)}/state", {"state": state})
    if args.json:
        output.as_json(saved)
    else:
        output.line(f"flows/{saved['id']} is {saved['state']}, by version {saved['version']}")
    return 0
