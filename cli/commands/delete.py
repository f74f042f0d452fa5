"""Withdraw a definition that nothing refers to: `segue delete flows cart-recovery`."""

import sys
from argparse import ArgumentParser, Namespace

from cli.client import add_host, connect, quoted
from cli.errors import RefusedByHost


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("kind", help="segments, scores, flows, templates, events or rates")
    parser.add_argument("id", help="the definition's id")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the version that says so; or every place that refers to it, and 1."""
    try:
        gone = connect(args).delete(f"/api/definitions/{quoted(args.kind)}/{quoted(args.id)}")
    except RefusedByHost as refused:
        for fault in refused.faults:
            place = ":".join(str(part) for part in (fault.get("where"), fault.get("line"), fault.get("column")) if part)
            hint = f" ({fault['suggestion']})" if fault.get("suggestion") else ""
            print(f"{place}: {fault.get('message')}{hint}", file=sys.stderr)
        print("nothing was withdrawn", file=sys.stderr)
        return 1
    print(f"{gone['kind']}/{gone['id']} is withdrawn, as version {gone['version']}")
    return 0
