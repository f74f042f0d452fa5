"""What a number of events cost: calls, round trips, units and, by the price list, dollars."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.units import Meter
from cli import bills
from functions.topology import FUNCTIONS
from local.runtime.host import Host

# What is assumed of a call: milliseconds of a round trip, and of work.
ROUND_TRIP, WORK = 5, 5
MILLION = 10**6
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

    def used(self) -> dict[str, float]:
        """What one of them uses, by the names of cli/usage.json."""
        calls = sum(self.calls.values())
        seconds = (WORK * calls + ROUND_TRIP * self.trips) / 1000
        memory = sum(MEMORY[name] * count for name, count in self.calls.items()) / calls / 1024
        return {
            "requests": sum(self.calls.get(name, 0) for name in ("collect", "audience")),
            "writes": self.writes,
            "reads": self.reads,
            "calls": calls,
            "gigabyte_seconds": seconds * memory,
            "queued": self.queued,
            "announced": self.announced,
        }

    def parts(self) -> Iterator[tuple[str, float]]:
        """Dollars per million such events, by what they are paid for."""
        return ((line.what, line.dollars) for line in bills.of(self.used(), MILLION))

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
