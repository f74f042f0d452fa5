"""Count the people for whom a condition holds, without saving anything."""

import json
import sys
from argparse import ArgumentParser, Namespace

from cli.client import add_host, connect
from cli.errors import RefusedByHost, describe


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("when", help="the condition, or - to read it from standard input")
    parser.add_argument("--at", help="as of this instant (RFC 3339) instead of now")
    parser.add_argument("--json", action="store_true", help="the answer as the API gives it")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the count and a few people."""
    when = sys.stdin.read() if args.when == "-" else args.when
    try:
        answer = connect(args).post("/api/preview", {"when": when} | ({"at": args.at} if args.at else {}))
    except RefusedByHost as error:
        for fault in error.faults:
            print(describe("condition", fault), file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(answer, indent=2))
        return 0
    for warning in answer.get("warnings", ()):
        print(f"note: {warning['message']}", file=sys.stderr)
    print(f"{answer['count']} people")
    for person in answer["sample"]:
        print(f"  {person}")
    return 0
