"""Say why a person is in a segment or is not, and since when."""

import json
from argparse import ArgumentParser, Namespace

from cli.client import add_host, connect, quoted


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("person", help="an identifier such as email:ann@example.org, or a profile id")
    parser.add_argument("segment", help="the segment's id")
    parser.add_argument("--at", help="as of this instant (RFC 3339) instead of now")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the verdict, how it comes about, and the history."""
    client = connect(args)
    person = args.person
    if ":" in person:
        person = client.get("/api/profiles", {"identifier": person})["id"]
    answer = client.get(f"/api/profiles/{person}/explain/{quoted(args.segment)}", {"at": args.at})
    change = f"until {answer['until']} at least" if answer["until"] else "until something happens"
    print(f"{'in' if answer['holds'] else 'not in'} {args.segment}, {change}")
    print(json.dumps(answer["tree"], indent=2, ensure_ascii=False))
    for spell in answer["history"]:
        print(f"entered {spell['entered']} left {spell['left'] or '-'} ({spell['cause']})")
    return 0
