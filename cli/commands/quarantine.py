"""Look through what was genuine and not understood: list it, show one request whole, drop one."""

from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Literal

import typer

from cli import output
from cli.client import Client, connect, quoted
from cli.errors import CliError
from cli.options import AsJson, Host

EXAMPLES = (
    "segue quarantine --local",
    "segue quarantine list shopify --limit 10 --json --local",
    "segue quarantine show shopify 0123abcd --local",
    "segue quarantine drop shopify 0123abcd --local",
)
_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    action: Annotated[Literal["list", "show", "drop"], typer.Argument(help="What to do.", metavar="ACTION")] = "list"
    source: Annotated[
        str | None, typer.Argument(help="Such as shopify; a list without one has all of them.", metavar="SOURCE")
    ] = None
    id: Annotated[str | None, typer.Argument(help="The request's id, as the list shows it.", metavar="ID")] = None
    limit: Annotated[int, typer.Option(help="How many a list shows, the newest first.", min=1)] = 50


def run(args: Arguments) -> int:
    """Do what was asked."""
    with connect(args) as client:
        if args.action == "list":
            _list(client, args)
            return 0
        if not args.source or not args.id:
            raise CliError(f"which one? `segue quarantine {args.action} <source> <id>`; `segue quarantine` lists them")
        path = f"/api/quarantine/{quoted(args.source)}/{quoted(args.id)}"
        if args.action == "show":
            item = client.get(path)
            output.as_json(item) if args.json else _show(item)
            return 0
        answer = client.delete(path)
        output.as_json(answer) if args.json else output.line(f"dropped {args.source} {args.id}")
    return 0


def _list(client: Client, args: Arguments) -> None:
    query = {"source": args.source, "limit": min(args.limit, _PAGE)}
    items = list(islice(client.pages("/api/quarantine", "items", query), args.limit))
    if args.json:
        output.as_json(items)
        return
    for each in items:
        output.line((each["received"], "dim"), f"  {each['source']} {each['id']}  {each['reason']}")
    if not items:
        output.line("quarantine is empty")


def _show(item: dict[str, Any]) -> None:
    output.line((f"{item['source']} {item['id']}", "bold"))
    headers = {"received": item["received"], "reason": item["reason"], **item["headers"]}
    for name, value in headers.items():
        output.line((f"{name}:", "dim"), f" {value}")
    output.line(f"\n{item['body']}")
