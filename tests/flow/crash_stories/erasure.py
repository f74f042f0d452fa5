"""Ann and Ben had signed up on one tablet and were taken for one; then she is to be forgotten, and he is not.

Her runs and messages lie in part under his profile, and his under hers.
"""

import json
from typing import Any

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import identify, redact, track
from tests.notes import note

WELCOME = """
id: welcome
name: Welcome
start: {event: Signed Up}
steps:
  - wait: 1 hour
  - send: first
  - wait: 1 day
  - send: second
"""
TABLES = ("log", "identifiers", "profiles", "runs", "messages")


class Erasure(PeopleStory):
    """The law's demand, by the storefront."""

    functions = ("collect", "erase")

    def prepare(self, host: Host) -> None:
        for name in ("first", "second"):
            assert host.publish("templates", name, note(name, "transactional", words=name)).status == 200
        assert host.publish("flows", "welcome", WELCOME).status == 200
        host.settle()

    def begin(self, host: Host, turn: int) -> None:
        super().begin(host, turn)
        ann, ben, number = self.cast.ann, self.cast.ben, self.cast.ann.number
        tablet = f"tablet-{number}"
        host.segment("track", track("Signed Up", anonymous=tablet, email=ann.email))
        host.clock.advance("10m")
        host.segment("identify", identify(user=f"ben-{number}", anonymous=tablet, email=ben.email))
        host.segment("track", track("Signed Up", user=f"ben-{number}", email=ben.email))
        host.clock.advance("2h")
        host.segment("identify", identify(user=f"ann-{number}", anonymous=tablet, email=ann.email, at=self.cast.begin))
        host.clock.advance("1m")

    def play(self, host: Host, turn: int) -> None:
        insist(host.webhook, "customers/redact", redact(self.cast.ann), event_id=f"r{self.cast.ann.number}")
        host.clock.advance("2d")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Nothing is left of her in any table, and Ben has all that is his."""
        names = (self.cast.ann.email, f"ann-{self.cast.ann.number}")
        rows = {table: json.dumps(host.inner.rows(table, 10_000), default=str) for table in TABLES}
        left = [table for table, text in rows.items() if any(name in text for name in names)]
        return {**super().outcome(host, turn), "left of her": left}
