"""Show the passes over everybody that follow publications, and how far each is."""

import sys
import time
from argparse import ArgumentParser, Namespace
from typing import Any

from cli.client import Client, add_host, connect

# Seconds between two looks.
POLL = 2.0
# A lane whose function died is taken up again after a quarter of an hour.
PATIENCE = 1200.0


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--limit", type=int, default=5, help="how many, the latest first")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print one line for each."""
    for found in connect(args).get("/api/backfills", {"limit": args.limit})["backfills"]:
        print(describe(found))
    return 0


def wait(client: Client) -> bool:
    """Print how far the latest pass is until it is finished; False if it has not moved for ``PATIENCE`` seconds."""
    said, moved = "", time.monotonic()
    while found := client.get("/api/backfills", {"limit": 1})["backfills"]:
        if (line := describe(found[0])) != said:
            print(line, flush=True)
            said, moved = line, time.monotonic()
        if found[0]["state"] == "finished":
            return True
        if time.monotonic() - moved >= PATIENCE:
            print(unfinished(found[0]), file=sys.stderr)
            return False
        time.sleep(POLL)
    return True


def describe(found: dict[str, Any]) -> str:
    """A pass in one line."""
    people, lanes = found["profiles"], found["lanes"]
    when = f"finished {found['finished']}" if found["finished"] else f"asked for {found['began']}"
    seen = (
        f"{people['seen']} of about {people['about']} people" if not found["finished"] else f"{people['seen']} people"
    )
    return f"{found['cause']}: {found['state']}, {seen}, {lanes['done']} of {lanes['of']} lanes, {when}"


def unfinished(found: dict[str, Any]) -> str:
    """What to do about a pass that does not move."""
    return (
        f"the pass for {found['cause']} stays unfinished: it has not moved for {PATIENCE:g} seconds. What the API "
        "reads is right all the same; timers and flows of those who were not seen follow when something happens to "
        "them. Its messages wait in the queue backfills, or in backfills-dead once they failed for good: mend the "
        "cause and redrive them, and it goes on where it stopped"
    )
