"""Withdraw a definition that nothing refers to; or name every place that refers to it."""

from dataclasses import dataclass
from http.client import NOT_FOUND
from typing import Annotated, Any

import typer

from cli import output
from cli.client import connect, quoted
from cli.completion import kinds
from cli.errors import Refusal, RefusedByHost
from cli.options import AsJson, Host

EXAMPLES = ("segue delete flows cart-recovery --local", "segue delete segments old-vip --json --local")


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    kind: Annotated[
        str, typer.Argument(help="events, flows, rates, scores, segments or templates.", autocompletion=kinds)
    ]
    id: Annotated[str, typer.Argument(help="The definition's id.")]


def run(args: Arguments) -> int:
    """Withdraw the definition and print the new version; raises Refusal with every place that refers to it."""
    with connect(args) as client:
        try:
            withdrawal = client.delete(f"/api/definitions/{quoted(args.kind)}/{quoted(args.id)}")
        except RefusedByHost as refused:
            if refused.status == NOT_FOUND:
                raise
            raise Refusal([*map(_place, refused.faults), "nothing was withdrawn"], refused.faults) from None
    if args.json:
        output.as_json(withdrawal)
    else:
        output.line(f"{withdrawal['kind']}/{withdrawal['id']} is withdrawn, as version {withdrawal['version']}")
    return 0


def _place(fault: dict[str, Any]) -> str:
    place = ":".join(str(part) for part in (fault.get("where"), fault.get("line"), fault.get("column")) if part)
    hint = f" ({fault['suggestion']})" if fault.get("suggestion") else ""
    return f"{place}: {fault.get('message')}{hint}"
