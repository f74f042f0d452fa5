"""Publish definitions, all of them or none, once you have seen what changes and what comes of it.

Takes a folder that holds segments/, flows/ and so on, a folder of one kind, or single files. Everything is checked
first; then it shows the lines that differ, who would enter and leave changed segments and where runs of changed flows
would go on, and asks. --yes publishes without being asked, for machines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.asking import confirm
from cli.backfills import wait
from cli.client import connect
from cli.errors import DONE, CliError
from cli.folder import find
from cli.impacts import STILL, sentences
from cli.options import DEFINITIONS, AsJson, Host
from cli.plan import Change, Plan

EXAMPLES = (
    "segue push my-shop --local",
    "segue push my-shop/flows/cart-recovery.yaml --dry-run --local",
    "segue push --yes --wait --json",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    paths: Annotated[list[Path], DEFINITIONS]
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Publish without being asked.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show what would change, publish nothing.")] = (
        False
    )
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no lines of what changes.")] = False
    impact: Annotated[
        bool,
        typer.Option(
            "--impact/--no-impact",
            help="Ask what would come of it; everybody is evaluated for what changes.",
        ),
    ] = True
    send_backfilled: Annotated[
        bool,
        typer.Option(
            "--send-backfilled",
            help="Treat those whom a new version of a segment brings in as entering now: flows write to them.",
        ),
    ] = False
    wait: Annotated[bool, typer.Option("--wait", help="Until everybody is brought up to what was published.")] = False


def run(args: Arguments) -> int:
    """Check, show, ask, publish."""
    if args.json and not (args.yes or args.dry_run):
        raise CliError("nobody is asked where JSON is printed: give --yes to publish, or --dry-run to look")
    files = find(args.paths)
    with connect(args) as client:
        plan = Plan.of(client, files, send=args.send_backfilled)
        changes = _as_json(args, plan) if args.json else _with_words(args, plan)
        if args.json:
            output.as_json(changes)
        if args.wait and not args.dry_run:
            wait(client, quiet=args.json)
    return DONE


def _as_json(args: Arguments, plan: Plan) -> Sequence[Change]:
    """What was published; or what would be, with what would come of it."""
    if not args.dry_run:
        return plan.publish()
    return [*_with_impacts(plan)] if args.impact else plan.changes


def _with_impacts(plan: Plan) -> Iterator[Change]:
    """What would become of each file, with its impact; then other segments, which would be ``moved``."""
    impacts = plan.impacts()
    if isinstance(impacts, CliError):
        impacts = {file.address: {"error": str(impacts)} for file in plan.fresh if file.kind not in STILL}
    for file, change in zip(plan.files, plan.changes, strict=True):
        impact = impacts.pop(file.address, None)
        yield {**change, "impact": impact} if impact else change
    for address, impact in impacts.items():
        yield {"kind": address.partition("/")[0], "id": impact["id"], "change": "moved", "impact": impact}


def _with_words(args: Arguments, plan: Plan) -> Sequence[Change]:
    plan.show(lines=not args.quiet)
    if args.impact:
        _show_impacts(plan)
    fresh = len(plan.fresh)
    same = len(plan.files) - fresh
    rest = f", {same} unchanged" if same else ""
    if args.dry_run:
        output.line(f"would publish {fresh}{rest}; nothing was published")
        return plan.changes
    if fresh:
        _ask(args, plan)
    # Also where nothing differs: a publication that a host did not finish is finished by being asked for again.
    changes = plan.publish()
    output.line((f"published {fresh}{rest}", "bold green") if fresh else f"nothing to publish: {same} unchanged")
    for line in _versions(changes, send=args.send_backfilled):
        output.line(f"  {line}")
    return changes


def _show_impacts(plan: Plan) -> None:
    impacts = plan.impacts()
    if isinstance(impacts, CliError):
        output.line((f"what would come of it cannot be told now: {impacts}", "yellow"))
        return
    for address, impact in impacts.items():
        for sentence in sentences(impact):
            output.line((f"{address}: ", "bold"), sentence)


def _ask(args: Arguments, plan: Plan) -> None:
    """Return if the user confirms the publication; raises CliError otherwise, or if standard input is no terminal."""
    if args.yes:
        return
    what = f"{len(plan.fresh)} definition{'s' if len(plan.fresh) > 1 else ''}"
    confirm(f"Publish {what}?", "nothing was published", f"--yes publishes {what}, --dry-run only looks")


def _versions(changes: Sequence[Change], *, send: bool) -> Iterator[str]:
    """What there is now of each that was published; and whom --send-backfilled had nothing to say about."""
    for change in changes:
        address = f"{change['kind']}/{change['id']}"
        if change["change"] != "unchanged":
            enter = ", those whom it brings in enter now" if change.get("backfilled") == "send" else ""
            yield f"{address} version {change['version']}{enter}"
    for change in changes if send else ():
        if change["change"] == "unchanged" and change.get("backfilled") == "silent":
            yield f"{change['kind']}/{change['id']} is current already, without --send-backfilled: nobody enters now"
