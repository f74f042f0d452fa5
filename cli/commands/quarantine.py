"""Look through what was genuine and not understood: list it, show one request whole, drop one.

`segue quarantine` lists, `segue quarantine show shopify 0123…` shows, `segue quarantine drop shopify 0123…` drops.
"""

import json
from argparse import ArgumentParser, Namespace
from itertools import islice
from typing import Any

from cli.client import add_host, connect, quoted
from cli.errors import CliError

_ACTIONS = ("list", "show", "drop")


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("action", nargs="?", default="list", choices=_ACTIONS, help="list without one")
    parser.add_argument("source", nargs="?", help="such as shopify; all of them in a list without one")
    parser.add_argument("id", nargs="?", help="the request's id, as the list shows it")
    parser.add_argument("--limit", type=int, default=50, help="how many a list shows, the newest first")
    parser.add_argument("--json", action="store_true", help="the answer as the API gives it")
    add_host(parser)


def run(args: Namespace) -> int:
    """Do what was asked."""
    client = connect(args)
    if args.action == "list":
        entries = client.pages(
            "/api/quarantine", "items", {"source": args.source, "limit": min(max(args.limit, 1), 1000)}
        )
        found = list(islice(entries, args.limit))
        print(json.dumps(found, indent=2, ensure_ascii=False) if args.json else _list(found))
        return 0
    if not args.source or not args.id:
        raise CliError(f"which one? `segue quarantine {args.action} <source> <id>`; `segue quarantine` lists them")
    path = f"/api/quarantine/{quoted(args.source)}/{quoted(args.id)}"
    if args.action == "drop":
        answer = client.delete(path)
        print(json.dumps(answer) if args.json else f"dropped {args.source} {args.id}")
        return 0
    item = client.get(path)
    print(json.dumps(item, indent=2, ensure_ascii=False) if args.json else _shown(item))
    return 0


def _list(found: list[dict[str, Any]]) -> str:
    if not found:
        return "quarantine is empty"
    return "\n".join(f"{each['received']}  {each['source']} {each['id']}  {each['reason']}" for each in found)


def _shown(item: dict[str, Any]) -> str:
    head = [f"{item['source']} {item['id']}", f"received: {item['received']}", f"reason: {item['reason']}"]
    return "\n".join([*head, *(f"{name}: {value}" for name, value in item["headers"].items()), "", item["body"]])
