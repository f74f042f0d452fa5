"""The bus is away when a checkout is left; once back, it takes one segment's news and refuses the other's for good."""

import json
from typing import Any

from tests.flow.bus import Entry, away, refusing
from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import LEFT, insist
from tests.flow.host import Host
from tests.flow.shop import checkout

SHUNNED = LEFT.replace("left-checkout", "shunned").replace("Left a checkout", "What the bus never takes")


def _shuns(entry: Entry) -> str:
    return "MalformedDetail" if json.loads(entry["Detail"])["segment"] == "shunned" else ""


class BusAway(PeopleStory):
    """News of two segments that could not be told at once."""

    functions = ("deliver",)

    def prepare(self, host: Host) -> None:
        assert host.publish("segments", "shunned", SHUNNED).status == 200
        host.settle()

    def play(self, host: Host, turn: int) -> None:
        number = self.cast.ann.number
        left = checkout(f"shop-checkout-{number}", self.cast.ben, cart=f"shop-cart-{number}")
        insist(host.webhook, "checkouts/create", left, event_id=f"b{number}")
        with refusing(away):
            host.clock.advance("31m")
        with refusing(_shuns):
            host.clock.advance("2h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """A delivery may be given up twice: dead letters are looked at by what is in them."""
        letters = [json.loads(letter.payload) for letter in host.inner.failures.dead]
        ids = {(profile or {}).get("id") for profile in map(host.profile, self.cast.names.values())}
        given_up = {(each["segment"], each["reason"]) for each in letters if each["profile"] in ids}
        return {**super().outcome(host, turn), "given up": sorted(given_up)}
