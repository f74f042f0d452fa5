"""``python -m local.demo``: plays a day of a small shop on the terminal; then the host keeps running."""

import os
import sys
from datetime import UTC, datetime, timedelta

from local.demo.http_client import OverHttp
from local.demo.narrator import Narrator
from local.demo.story import Story
from local.http.serve import Serving, serve
from local.runtime.clock import rfc3339
from local.runtime.terminal import paint, say


def morning() -> datetime:
    """Today's 08:00 UTC (seconds UTC)."""
    return datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)


def tell(server: Serving, opening: datetime) -> None:
    """Play the story against the host over HTTP."""
    shop_client = OverHttp(server.host.url)
    narrator = Narrator(shop_client)
    story = Story(shop_client, server.host.url)
    say(f"\n  {paint('A day at the Corner Shop', 'bold')}, told to {server.host.url} by webhooks and SDK calls")
    for scene in story.scenes():
        at = int((opening + timedelta(minutes=scene.at)).timestamp())
        shop_client.post("/_local/clock", {"to": rfc3339(at)})
        narrator.what_followed()
        narrator.scene(at, scene.words)
        scene.act()
        shop_client.post("/_local/settle")
        narrator.what_followed()
    narrator.summary()


def main() -> int:
    """Play the story and keep serving; return the exit code."""
    opening = morning()
    os.environ["SEGUE_NOW"] = rfc3339(opening.timestamp())
    return serve(lambda server: open_shop(server, opening))


def open_shop(server: Serving, opening: datetime) -> None:
    """Play the story if the clock can be moved, and say where the shop is."""
    if server.host.cloud.clock.virtual:
        tell(server, opening)
    else:
        say("  The story needs a clock that can be moved; against another AWS there is none.")
    link = paint(server.host.url, "bold", "blue")
    say(f"\n  The shop stays open at {link}: segments, people, the mailbox, the clock.")
    say("  Ctrl-C ends it; nothing is kept.\n")


if __name__ == "__main__":
    sys.exit(main())
