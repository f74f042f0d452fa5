"""An edit brings in the half of a crowd that was out, and asks for them to be written to."""

import json
from typing import Any

from tests.flow.crash_stories.story import Story, unfinished
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import track
from tests.notes import note

CROWD = 6
LOYAL = 'id: {name}\nname: Loyal\nwhen: did "Order Completed" at least {times} times\n'
THANK = "id: {name}\nname: Thank\nstart: {{segment: {segment}}}\nsteps:\n  - send: thank\n"


class Edit(Story):
    """One segment and one flow a turn; who bought twice is thanked, then who bought once as well."""

    functions = ("api", "backfill", "react")

    def prepare(self, host: Host) -> None:
        host.publish("templates", "thank", note("thank", "transactional"))
        for number in range(CROWD):
            for bought in range(1 + number % 2):
                order = track("Order Completed", email=f"p{number}@x.org", order_id=f"{number}-{bought}")
                insist(host.segment, "track", order)
        host.settle()

    def begin(self, host: Host, turn: int) -> None:
        segment, flow = f"loyal-{turn}", f"thank-{turn}"
        for kind, name, text in (
            ("segments", segment, LOYAL.format(name=segment, times=1)),
            ("flows", flow, THANK.format(name=flow, segment=segment)),
            ("segments", segment, LOYAL.format(name=segment, times=2)),
        ):
            assert host.publish(kind, name, text).status == 200
            host.settle()

    def play(self, host: Host, turn: int) -> None:
        text = LOYAL.format(name=f"loyal-{turn}", times=1)
        insist(host.api, "PUT", f"definitions/segments/loyal-{turn}?backfilled=send", text.encode())
        host.clock.advance("1h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Who is in, who was written to and how often, and how the backfill ended."""
        told = json.loads(host.api("GET", "backfills").body)["backfills"][0]
        return {
            "members": len(host.members(f"loyal-{turn}")),
            "mails": sorted(mail["to"] for mail in host.mailbox() if mail["cause"].startswith(f"thank-{turn}_")),
            "state": told["state"],
            "lanes": told["lanes"],
            "seen": told["profiles"]["seen"],
            **unfinished(host),
        }
