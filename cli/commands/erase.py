"""Erase a person, or the whole shop, as its storefront asked: shows what waits, and carries out what is confirmed."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import connect
from cli.errors import CliError
from cli.options import AsJson, Host

EXAMPLES = (
    "segue erase email:ann@example.org --local",
    "segue erase --shop --local",
    "segue erase --shop --confirm your-shop.myshopify.com --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    identifier: Annotated[
        str | None, typer.Argument(help="The person to delete for good, by any identifier.", metavar="IDENTIFIER")
    ] = None
    shop: Annotated[bool, typer.Option("--shop", help="Everybody, if the storefront has asked for it.")] = False
    confirm: Annotated[
        str | None, typer.Option(help="The shop's domain: deletes everybody for good.", metavar="DOMAIN")
    ] = None


def run(args: Arguments) -> int:
    """Erase the person, confirm the erasure of the shop, or list what waits for it."""
    if args.shop == (args.identifier is not None):
        raise CliError("whom? `segue erase email:ann@example.org`, or everybody: `segue erase --shop`")
    if args.confirm is not None and not args.shop:
        raise CliError("--confirm is for the whole shop: `segue erase --shop --confirm <domain>`")
    with connect(args) as client:
        if args.identifier is not None:
            _person(client.post("/api/erasures/people", {"identifier": args.identifier}), as_json=args.json)
            return 0
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


def _person(erasure: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.as_json(erasure)
        return
    output.line("being erased, with everything under:")
    for name in erasure["identifiers"]:
        output.line(f"  {name}")
