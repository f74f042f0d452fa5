"""Five customers who spend little join a shop: in the night the borders fall, and one of the others joins the best.

The same night finds that somebody's stored memberships were lost.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from functions import wiring
from functions.core.base import rfc3339
from functions.core.profiles.state import pack
from tests.flow.crash_stories.story import Story, unfinished
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import track

BEST = "id: best\nname: Best\nannounce: true\nwhen: rfm monetary >= 5\n"
CROWD = 50
JOINING = 5
DAY = 86_400


def next_night(host: Host) -> str:
    """Three in the morning, UTC."""
    now = host.clock()
    return rfc3339.text(now - (now - 3 * 3600) % DAY + DAY)


class Night(Story):
    """One night a turn. Customers are numbered by what they spent: the first spent most."""

    functions = ("refresh",)
    page = 60

    def prepare(self, host: Host) -> None:
        assert host.publish("segments", "best", BEST).status == 200
        _join(host, range(CROWD))
        host.clock.to(next_night(host))

    def begin(self, host: Host, turn: int) -> None:
        joined = CROWD + JOINING * turn
        _join(host, range(joined, joined + JOINING))
        _lose_memberships(host, turn)

    def play(self, host: Host, turn: int) -> None:
        host.clock.to(next_night(host))
        host.clock.advance("2h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Whether just the best are in by what is stored, from which timers are set and moves are told."""
        best = range((CROWD + JOINING * (turn + 1)) // 5)
        with host.inner.functions.environment("refresh") as ports:
            ruleset = wiring.ruleset(fresh=True)
            stored = [each for states, _ in ports.people.pages(None, 1000) for each in states]
            pointers = ports.people.load(map(_name, best), ()).pointers
        members = {each.profile for each in stored if "best" in ruleset.state(each).memberships}
        right = {pointers[_name(number)].profile for number in best}
        return {"missing": len(right - members), "too many": len(members - right), **unfinished(host)}


def _join(host: Host, numbers: Iterable[int]) -> None:
    orders = [
        track("Order Completed", email=_address(number), order_id=f"o{number}", total=9000 - number)
        for number in numbers
    ]
    insist(host.segment, "batch", {"batch": [{"type": "track", **order} for order in orders]})
    host.settle()


def _lose_memberships(host: Host, number: int) -> None:
    """Write the state as a fault might have left it."""
    with host.inner.functions.environment("refresh") as ports:
        profile = ports.people.load([_name(number)], ()).pointers[_name(number)].profile
        stored, ruleset = ports.people.load((), [profile]).states[profile], wiring.ruleset(fresh=True)
        state = replace(ruleset.state(stored), memberships={})
        ports.people.save_state(stored._replace(packed=pack(state), due=state.due))


def _address(number: int) -> str:
    return f"customer{number}@mail.example"


def _name(number: int) -> str:
    return f"email:{_address(number)}"
