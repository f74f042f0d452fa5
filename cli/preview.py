"""Count the people for whom a condition holds, without saving anything."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from cli.client import RefusedByHost, add_host, connect
from cli.push import describe


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("when", help="the condition, or - to read it from standard input")
    parser.add_argument("--at", help="as of this instant (RFC 3339) instead of now")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the count and a few people."""
    when = sys.stdin.read() if args.when == "-" else args.when
    try:
        answer = connect(args).post("/api/preview", {"when": when} | ({"at": args.at} if args.at else {}))
    except RefusedByHost as error:
        for fault in error.faults:
            print(describe(Path("condition"), fault), file=sys.stderr)
        return 1
    print(f"{answer['count']} people")
    for person in answer["sample"]:
        print(f"  {person}")
    return 0
