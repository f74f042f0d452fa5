"""Erase the whole shop, as its storefront asked: shows what waits, and carries out what is confirmed."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import connect
from cli.errors import CliError
from cli.options import AsJson, Host

EXAMPLES = (
    "segue erase --shop --local",
    "segue erase --shop --confirm your-shop.myshopify.com --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    shop: Annotated[bool, typer.Option("--shop", help="Everybody; a customer is erased in the storefront.")] = False
    confirm: Annotated[
        str | None, typer.Option(help="The shop's domain: deletes everybody for good.", metavar="DOMAIN")
    ] = None


def run(args: Arguments) -> int:
    """Confirm the erasure, or list what waits for it."""
    if not args.shop:
        raise CliError("what? `segue erase --shop`: a single customer is erased in the storefront, which tells Segue")
    with connect(args) as client:
        if args.confirm is None:
            _list(client.get("/api/erasures/shop")["items"], as_json=args.json)
            return 0
        erased = client.post("/api/erasures/shop", {"confirm": args.confirm})
    if args.json:
        output.as_json(erased)
    else:
        output.line(f"everybody of {erased['shop']} is being erased")
    return 0


def _list(items: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        output.as_json(items)
        return
    for each in items:
        state = f"confirmed {each['confirmed']}" if each["confirmed"] else f"to be confirmed before {each['before']}"
        output.line((each["asked"], "dim"), f"  {each['shop']}  {state}")
    if not items:
        output.line("no storefront has asked for the erasure of this shop")
