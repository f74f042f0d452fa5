"""Show jobs: what was asked about more people than a request may evaluate, how far it is, and what failed.

The commands that ask wait for their answer themselves.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import connect, quoted
from cli.options import AsJson, Host

EXAMPLES = ("segue jobs --local", "segue jobs --retry 1795262400a1b2c3d4e5f6 --local")


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    limit: Annotated[int, typer.Option(help="How many.", min=1, max=100)] = 20
    cancel: Annotated[str | None, typer.Option(help="End this job without an answer.", metavar="ID")] = None
    retry: Annotated[str | None, typer.Option(help="Take this failed job up again where it was.", metavar="ID")] = None


def run(args: Arguments) -> int:
    """Print the open jobs, then those that have ended."""
    with connect(args) as client:
        if args.cancel is not None:
            jobs = [client.delete(f"/api/jobs/{quoted(args.cancel)}")]
        elif args.retry is not None:
            jobs = [client.post(f"/api/jobs/{quoted(args.retry)}/retry", {})]
        else:
            jobs = client.get("/api/jobs", {"limit": args.limit})["jobs"]
    if args.json:
        output.as_json(jobs)
        return 0
    for job in jobs:
        output.line(describe(job))
    return 0


def describe(job: dict[str, Any]) -> str:
    """A job in one line."""
    when = f"ended {job['ended']}" if job["ended"] else f"asked for {job['asked']}"
    why = f": {job['fault']}" if job["fault"] else ""
    who = f" by {job['author']}" if job["author"] else ""
    return f"{job['id']}  {job['subject']}, {job['state']}{_progress(job)}, {when}{who}{why}"


def _progress(job: dict[str, Any]) -> str:
    if job["state"] not in ("queued", "running"):
        return ""
    people, segments = job["progress"]["people"], job["progress"]["segments"]
    seen = f", {people['seen']} of about {people['about']} people" if people["about"] else ""
    return f"{seen}, {segments['done']} of {segments['of']} segments"
