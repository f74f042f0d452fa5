"""Somebody asks who has ordered, of more people than a request evaluates: a job finds them."""

import json
from typing import Any
from unittest import mock

from tests.flow.crash_stories.story import Story, unfinished
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import track

BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed"\n'
CROWD = 5


class QuestionStory(Story):
    """One question a turn, about one more buyer each time."""

    functions = ("jobs",)

    def prepare(self, host: Host) -> None:
        assert host.publish("segments", "buyers", BUYERS).status == 200
        for number in range(CROWD):
            _order(host, number)

    def begin(self, host: Host, turn: int) -> None:
        _order(host, CROWD + turn)

    def play(self, host: Host, turn: int) -> None:
        with mock.patch("functions.usecases.questions.MOMENT", 0):
            answer = host.api("GET", "segments/buyers/members?limit=1000")
        assert answer.status == 202
        host.clock.advance("2h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """What the job says, of how many people the turn before would not have found."""
        (job, *_) = json.loads(host.api("GET", "jobs").body)["jobs"]
        told = json.loads(host.api("GET", f"jobs/{job['id']}").body)
        found = told.get("result", {"count": 0, "members": []})
        return {
            "state": told["state"],
            "missing": CROWD + turn + 1 - found["count"],
            "named": CROWD + turn + 1 - len(set(found["members"])),
            "seen": told["progress"]["people"]["seen"] - turn,
            **unfinished(host),
        }


def _order(host: Host, number: int) -> None:
    order = track("Order Completed", email=f"buyer{number}@mail.example", order_id=f"q{number}", total=10)
    insist(host.segment, "batch", {"batch": [{"type": "track", **order}]})
    host.settle()
