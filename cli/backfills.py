"""Backfills that follow publications: how far each is, and waiting for the latest."""

import time
from collections.abc import Iterator
from typing import Any

from cli import output
from cli.client import Client
from cli.errors import Refusal
from cli.progress import bar

# Seconds between two looks.
POLL = 2.0
# A lane whose function died is taken up again after a quarter of an hour.
PATIENCE = 1200.0

Backfill = dict[str, Any]


def wait(client: Client, *, quiet: bool = False) -> None:
    """Show how far the latest backfill is until it is finished; raises Refusal if it stays unfinished.

    On a terminal it is a bar, elsewhere a line whenever the backfill has moved. ``quiet`` keeps the lines off the
    standard output, where somebody reads JSON.
    """
    say = output.note if quiet else output.line
    watched, latest = output.is_watched(), None
    with bar("bringing everybody up to it") as move:
        for latest in _moves(client):
            move(latest["profiles"]["seen"], latest["profiles"]["about"])
            if not watched:
                say(describe(latest))
    if latest is None:
        return
    if watched:
        say(describe(latest))
    if latest["state"] != "finished":
        raise Refusal([unfinished(latest)])


def _moves(client: Client) -> Iterator[Backfill]:
    """The latest backfill, whenever it has moved, until it is finished or does not move any more."""
    last_line, moved_at = "", time.monotonic()
    while backfills := client.get("/api/backfills", {"limit": 1})["backfills"]:
        latest = backfills[0]
        if (line := describe(latest)) != last_line:
            yield latest
            last_line, moved_at = line, time.monotonic()
        if latest["state"] == "finished" or time.monotonic() - moved_at >= PATIENCE:
            return
        time.sleep(POLL)


def describe(backfill: Backfill) -> str:
    """A backfill in one line."""
    people, lanes = backfill["profiles"], backfill["lanes"]
    when = f"finished {backfill['finished']}" if backfill["finished"] else f"asked for {backfill['began']}"
    progress = (
        f"{people['seen']} of about {people['about']} people"
        if not backfill["finished"]
        else f"{people['seen']} people"
    )
    return f"{backfill['cause']}: {backfill['state']}, {progress}, {lanes['done']} of {lanes['of']} lanes, {when}"


def unfinished(latest: Backfill) -> str:
    """What to do about a backfill that does not move."""
    return (
        f"the backfill for {latest['cause']} stays unfinished: it has not moved for {PATIENCE:g} seconds. What the API "
        "reads is right all the same; timers and flows of those who were not seen follow when something happens to "
        "them. Its messages wait in the queue backfills, or in backfills-dead once they failed for good: mend the "
        "cause and redrive them, and it goes on where it stopped"
    )
