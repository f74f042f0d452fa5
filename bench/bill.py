"""What a number of events cost: calls, round trips, units and, by the price list, dollars."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.units import Meter
from functions.topology import FUNCTIONS
from local.runtime.host import Host

PRICES = json.loads(Path(__file__).with_name("prices.json").read_text())
MEMORY = {function.name: function.memory for function in FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Bill:
    """Per event: calls of each function, round trips, units of DynamoDB, requests of SQS, events of the bus.

    The look whether the definitions are still current, which the local host takes at every call and a deployed
    function every ten seconds, is left out.
    """

    calls: dict[str, float]
    trips: float
    reads: float
    writes: float
    queued: float
    announced: float

    def parts(self) -> Iterator[tuple[str, float]]:
        """Dollars per million such events, by what they are paid for."""
        price, assumed = PRICES["dollars per million"], PRICES["assumed"]
        yield "HTTP API", self.calls.get("collect", 0) * price["HTTP API request"]
        yield "DynamoDB writes", self.writes * price["DynamoDB write unit, on demand"]
        yield "DynamoDB reads", self.reads * price["DynamoDB read unit, on demand"]
        yield "Lambda requests", sum(self.calls.values()) * price["Lambda request"]
        work = assumed["milliseconds of work in a call"] * sum(self.calls.values())
        milliseconds = work + assumed["milliseconds of a round trip"] * self.trips
        memory = sum(MEMORY[name] * count for name, count in self.calls.items()) / sum(self.calls.values()) / 1024
        yield "Lambda time", milliseconds * 1000 * memory * PRICES["dollars per gigabyte-second"]["Lambda arm64"]
        yield "SQS", self.queued * price["SQS request"]
        yield "event bus", self.announced * price["EventBridge event"]

    @property
    def dollars(self) -> float:
        """All of them."""
        return sum(amount for _, amount in self.parts())

    @property
    def shares(self) -> str:
        """The parts in words."""
        return ", ".join(f"{name} {amount:.2f}" for name, amount in self.parts() if amount >= 0.005)


def bill(host: Host, meter: Meter, events: int, act: Callable[[], None]) -> Bill:
    """What each of so many events costs when this is done."""
    before = Counter(host.functions.calls)
    meter.clear()
    act()
    calls = Counter(host.functions.calls) - before
    looks = meter.reads.pop("definitions", 0.0)
    # A queue's message is sent, received and deleted.
    queued = 3 * sum(count for (service, _), count in meter.calls.items() if service == "sqs")
    return Bill(
        calls={name: calls[name] / events for name in calls},
        trips=(meter.round_trips - looks) / events,
        reads=sum(meter.reads.values()) / events,
        writes=sum(meter.writes.values()) / events,
        queued=queued / events,
        announced=meter.calls["events", "PutEvents"] / events,
    )
