"""Whatever is published of rates and named events, and in whatever order, states come to hold what the log says."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.profiles.state import State, pack, unpack
from functions.core.segments import engine
from functions.core.segments.language import parser
from tests.fakes.definitions import FakeDefinitions
from tests.publishing import catalogue_after
from tests.unit.strategies import START, histories, thorough

# Few of each, so that most of what is published was there before.
TABLES: tuple[dict[str, Any], ...] = ({}, {"JPY": Decimal("0.5"), "KWD": [{"since": "2023-11-14", "rate": 2}]})
TEXTS = (
    'sum of total over bought > 5 or did bought at least 2 times or did any of ("A", "B") where total >= 0',
    "rfm monetary >= 2",
)
MEANT = (["Order Completed"], ["Order Completed", "B"])
TAKEN = {"by": "order_id", "unless": ["Order Cancelled"], "refunds": ["Order Refunded"], "amount": "total"}

publications = st.one_of(
    st.sampled_from(TABLES).map(lambda rates: ("rates", "rates", {"id": "rates", "base": "EUR", "rates": rates})),
    st.sampled_from(MEANT).map(lambda meant: ("events", "bought", {"id": "bought", "any of": meant, **TAKEN})),
    st.tuples(st.sampled_from(["s0", "s1"]), st.sampled_from(TEXTS)).map(
        lambda given: ("segments", given[0], {"id": given[0], "when": parser.parse(given[1])})
    ),
)
# What is published, how many events are folded then, and how many publications ago those were made who fold them.
steps_of = st.tuples(publications, st.integers(0, 3), st.sampled_from([0, 0, 1, 2]))


def brought_up(state, known, catalogue, now):
    """The state as a fold brings it up to the definitions."""
    wanted = engine.missing(state, catalogue)
    state = engine.advance(state, catalogue, now)
    if wanted:
        state = engine.backfill(state, known, catalogue, now, wanted)
    return unpack(pack(state), catalogue.names, "")


@thorough
@given(
    st.lists(st.tuples(publications, st.integers(0, 3), st.sampled_from([0, 0, 1, 2])), min_size=4, max_size=9),
    histories,
)
def test_after_any_publications_the_timelines_are_those_of_the_log(steps, history):
    stored, told = FakeDefinitions(), sorted(history, key=lambda event: event.time)
    catalogues = [catalogue_after(stored, "events", "bought", {"id": "bought", "any of": MEANT[0], **TAKEN})]
    state, now = State(), START
    known: list[Event] = []
    for published, size, older in steps:
        catalogues.append(catalogue_after(stored, *published))
        batch, told = told[:size], told[size:]
        if not batch:
            continue
        now = max([now, *(event.time for event in batch)])
        # Somebody may still fold by the stored of before.
        catalogue = catalogues[max(-1 - older, -len(catalogues))]
        state = brought_up(state, known, catalogue, now)
        known += batch
        state = engine.apply(state, batch, catalogue, now, engine.KnownEvents(known))
        assert engine.rebuild(known, catalogue, now).timelines == state.timelines
