"""The borders between the fifths of customers, drawn from the people of the file as the nightly refresh draws them."""

from typing import Any

from batch.each import histories
from batch.file import EventFile
from batch.people import People
from functions.core.profile import State
from functions.core.scores import rfm
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.priced import Money
from functions.core.segments.snapshot import Snapshot

_PROPERTIES = ("total", "order_id", "currency")


def rfm_borders(file: EventFile, now: int, money: Money) -> dict[str, Any]:
    """The borders by measure, as drawn at the instant; without them where too few people ordered."""
    catalogue, tally = engine.compile_catalogue({}, timelines=rfm.specs(money)), Tally()
    for part in file.parts(now, _PROPERTIES):
        for _, profile, events in histories(People(part, file.layout, now), catalogue):
            state, _ = engine.fold(State(profile=profile), events, catalogue, now)
            if found := rfm.orders(Snapshot(state, catalogue, now), money):
                tally.add(found, now)
    return tally.borders(now)
