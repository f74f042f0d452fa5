"""Passes over everybody that follow publications: how far each is, and waiting for the latest."""

import sys
import time
from typing import Any

from cli.client import Client

# Seconds between two looks.
POLL = 2.0
# A lane whose function died is taken up again after a quarter of an hour.
PATIENCE = 1200.0


def wait(client: Client, *, quiet: bool = False) -> bool:
    """Print how far the latest pass is until it is finished; False if it has not moved for ``PATIENCE`` seconds.

    ``quiet`` keeps it off the standard output, where somebody reads JSON.
    """
    said, moved = "", time.monotonic()
    while found := client.get("/api/backfills", {"limit": 1})["backfills"]:
        if (line := describe(found[0])) != said:
            print(line, flush=True, file=sys.stderr if quiet else sys.stdout)
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
