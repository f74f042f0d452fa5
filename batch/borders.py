"""Draws the borders between RFM fifths from the people of a file, as the nightly refresh does."""

from typing import Any

from batch.fallback import histories
from batch.file import EventFile
from batch.people import PeopleFrame
from functions.core.definitions.shop import Shop
from functions.core.profiles.state import State
from functions.core.scores import rfm
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot


def rfm_borders(file: EventFile, now: int, shop: Shop) -> dict[str, Any]:
    """The borders by measure, drawn at the instant (seconds UTC); without borders if too few people ordered."""
    bought = shop.orders
    properties = (bought.get("amount", rfm.BOUGHT["amount"]), bought.get("by", rfm.BOUGHT["by"]), "currency")
    catalogue, tally = engine.compile_catalogue({}, timelines=rfm.specs(shop.money, bought)), Tally()
    for part in file.parts(now, properties):
        for _, profile, events in histories(PeopleFrame(part, file.layout, now), catalogue):
            state, _ = engine.fold(State(profile=profile), events, catalogue, now)
            if customer := rfm.orders(Snapshot(state, catalogue, now), shop.money, bought):
                tally.add(customer, now)
    return tally.borders(now)
