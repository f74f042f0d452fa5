"""Say why a person is in a segment or is not, and tell every stay in it."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from cli.client import add_host, connect, quoted


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("person", help="an identifier such as email:ann@example.org, or a profile id")
    parser.add_argument("segment", help="the segment's id")
    parser.add_argument("--at", help="as of this instant (RFC 3339) instead of now")
    parser.add_argument("--json", action="store_true", help="the answer as the API gives it")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the verdict, how it comes about, and the history."""
    client = connect(args)
    person = args.person
    if ":" in person:
        person = client.get("/api/profiles", {"identifier": person})["id"]
    answer = client.get(f"/api/profiles/{person}/explain/{quoted(args.segment)}", {"at": args.at})
    print(json.dumps(answer, indent=2, ensure_ascii=False) if args.json else "\n".join(_told(args.segment, answer)))
    return 0


def _told(segment: str, answer: Mapping[str, Any]) -> Iterator[str]:
    since = f" since {answer['since']}" if answer["since"] else ""
    yield f"{_verdict(answer)} {segment}{since}, {_change(answer)} (version {answer['version']})"
    yield from _tree(answer["tree"], 1)
    yield "history:" if answer["history"] else "history: never in"
    for stay in answer["history"]:
        yield f"  {stay['entered']}  entered: {_cause(stay['cause'], stay['edits'])} (version {stay['version']})"
        if stay["left"]:
            cause = _cause(stay["left_by"], stay["left_edits"])
            yield f"  {stay['left']}  left: {cause} (version {stay['left_version']})"


def _verdict(answer: Mapping[str, Any]) -> str:
    return "in" if answer["holds"] else "not in"


def _change(branch: Mapping[str, Any]) -> str:
    return f"until {branch['until']} at least" if branch["until"] else "until something happens"


def _tree(branch: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Each condition on its line: whether it holds, its text, until when, and its facts."""
    inside = branch.get("of", [])
    said = branch["op"] if inside and branch["op"] in ("and", "or", "not", "let") else branch["text"]
    facts = "; ".join(f"{name} {_fact(value)}" for name, value in branch["facts"].items())
    change = f", until {branch['until']} at least" if branch["until"] else ""
    yield f"{'  ' * depth}{'yes' if branch['holds'] else 'no '}  {said}{change}{f'  [{facts}]' if facts else ''}"
    for each in inside:
        yield from _tree(each, depth + 1)


def _fact(value: Any) -> str:
    if isinstance(value, list):
        shown = [_fact(each) for each in value[:5]]
        return ", ".join([*shown, *(["…"] if len(value) > len(shown) else [])]) or "none"
    if isinstance(value, Mapping):
        return " ".join(str(value[name]) for name in ("rule", "points") if name in value) or json.dumps(value)
    return "none" if value is None else str(value)


def _cause(cause: str, edits: list[Mapping[str, Any]]) -> str:
    named = ", ".join(f"{edit['kind']}/{edit['id']} version {edit['version']}" for edit in edits)
    return f"{cause} ({named})" if named else cause
