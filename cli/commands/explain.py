"""Say why a person is in a segment or is not, and tell every stay in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import Client, connect, quoted
from cli.options import AsJson, Host
from cli.styles import Part

EXAMPLES = (
    "segue explain email:ann@example.org big-spenders --local",
    "segue explain email:ann@example.org big-spenders --at 2026-01-01T00:00:00Z --json --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    person: Annotated[str, typer.Argument(help="An identifier such as email:ann@example.org, or a profile id.")]
    segment: Annotated[str, typer.Argument(help="The segment's id.")]
    at: Annotated[str | None, typer.Option(help="As of this instant (RFC 3339) instead of now.", metavar="TIME")] = None


def run(args: Arguments) -> int:
    """Print the verdict, how it comes about, and the history."""
    with connect(args) as client:
        person = args.person
        if ":" in person:
            person = client.get("/api/profiles", {"identifier": person})["id"]
        answer = _whole(client, f"/api/profiles/{quoted(person)}/explain/{quoted(args.segment)}", args.at)
    if args.json:
        output.as_json(answer)
    else:
        for parts in _lines(args.segment, answer):
            output.line(*parts)
    return 0


def _whole(client: Client, path: str, at: str | None) -> dict[str, Any]:
    """The answer with the stays of all its pages."""
    answer: dict[str, Any] = client.get(path, {"at": at})
    while answer["next"]:
        following = client.get(path, {"at": at, "next": answer["next"]})
        answer |= {"history": answer["history"] + following["history"], "next": following["next"]}
    del answer["next"]
    return answer


def _lines(segment: str, answer: Mapping[str, Any]) -> Iterator[tuple[Part, ...]]:
    since = f" since {answer['since']}" if answer["since"] else ""
    verdict = ("in", "bold green") if answer["holds"] else ("not in", "bold red")
    yield verdict, f" {segment}{since}, {_change(answer)} (version {answer['version']})"
    yield from _tree(answer["tree"], 1)
    for namespace, count in answer["looked_at"].items():
        yield ((f"looked at: the newest {count['looked_at']:,} of {count['of']:,} {namespace}", "yellow"),)
    for bound in answer["bounds"]:
        yield (
            (f"left out at {bound['most']:,} {bound['unit']}: {bound['left_out']:,}, which {bound['rest']}", "yellow"),
        )
    yield ("history:" if answer["history"] else "history: never in",)
    for stay in answer["history"]:
        yield (f"  {stay['entered']}  entered: {_cause(stay['cause'], stay['edits'])} (version {stay['version']})",)
        if stay["left"]:
            cause = _cause(stay["left_by"], stay["left_edits"])
            yield (f"  {stay['left']}  left: {cause} (version {stay['left_version']})",)


def _change(branch: Mapping[str, Any]) -> str:
    return f"until {branch['until']} at least" if branch["until"] else "until something happens"


def _tree(branch: Mapping[str, Any], depth: int) -> Iterator[tuple[Part, ...]]:
    """Each condition on its line: whether it holds, its text, until when, and its facts."""
    inside = branch.get("of", [])
    words = branch["op"] if inside and branch["op"] in ("and", "or", "not", "let") else branch["text"]
    facts = "; ".join(f"{name} {_fact(value)}" for name, value in branch["facts"].items())
    change = f", until {branch['until']} at least" if branch["until"] else ""
    holds = ("yes", "green") if branch["holds"] else ("no ", "red")
    yield "  " * depth, holds, f"  {words}{change}", (f"  [{facts}]" if facts else "", "dim")
    for each in inside:
        yield from _tree(each, depth + 1)


def _fact(value: Any) -> str:
    if isinstance(value, list):
        facts = [_fact(each) for each in value[:5]]
        return ", ".join([*facts, *(["…"] if len(value) > len(facts) else [])]) or "none"
    if isinstance(value, Mapping):
        return " ".join(str(value[name]) for name in ("rule", "points") if name in value) or json.dumps(value)
    return "none" if value is None else str(value)


def _cause(cause: str, edits: list[Mapping[str, Any]]) -> str:
    named = ", ".join(f"{edit['kind']}/{edit['id']} version {edit['version']}" for edit in edits)
    return f"{cause} ({named})" if named else cause
