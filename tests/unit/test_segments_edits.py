"""An edit keeps the timelines that it does not change, and what it adds is filled, whatever came in between."""

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.profiles.state import State, pack, unpack
from functions.core.segments import engine
from functions.core.segments.language import parser
from tests.fakes.definitions import FakeDefinitions
from tests.publishing import catalogue_after
from tests.unit.strategies import START, histories, segments, thorough


class Shop:
    """Segments that are published one after the other; all are acted on."""

    def __init__(self):
        self.definitions = FakeDefinitions()

    def publish(self, name, node):
        """The catalogue after the segment was published."""
        body = {"id": name, "name": name, "when": node, "announce": True}
        return catalogue_after(self.definitions, "segments", name, body)

    def write(self, name, text):
        return self.publish(name, parser.parse(text))


def filled(state, known, catalogue, now):
    """The state as a fold brings it up to the catalogue, and which timelines that took from the log."""
    wanted = engine.missing(state, catalogue)
    state = engine.advance(state, catalogue, now)
    if wanted:
        state = engine.backfill(state, known, catalogue, now, wanted)
    assert frozenset() == engine.missing(state, catalogue)
    return unpack(pack(state), catalogue.names, ""), wanted


def spec_of(catalogue, name):
    (address,) = catalogue.segments[name].timelines
    return address


def test_an_edit_asks_the_log_only_for_the_timelines_that_it_adds_or_widens():
    shop = Shop()
    first = shop.write("a", 'did "A" within 30 days')
    first = shop.write("b", 'did "B"')
    state, wanted = filled(State(), [], first, START)
    assert set(first.specs) == wanted
    second = shop.write("c", 'did "C" at least 2 times')
    state, wanted = filled(state, [], second, START)
    assert {spec_of(second, "c")} == wanted
    third = shop.write("a", 'did "A" at least 2 times within 10 days')
    state, wanted = filled(state, [], third, START)
    assert {spec_of(third, "a")} == wanted
    narrower = shop.write("a", 'did "A" within 5 days')
    state, wanted = filled(state, [], narrower, START)
    assert frozenset() == wanted


def test_what_another_definition_has_kept_all_along_is_not_asked_for_again():
    shop = Shop()
    shop.write("a", 'did "A"')
    state, _ = filled(State(), [], shop.write("b", 'did "B"'), START)
    after = shop.write("c", 'did "A" within 7 days')
    assert frozenset() == engine.missing(state, after)


def test_what_was_dropped_for_a_while_is_filled_again():
    shop = Shop()
    state, _ = filled(State(), [], shop.write("a", 'did "A"'), START)
    shop.write("a", 'did "B"')
    back = shop.write("a", 'did "A"')
    assert frozenset() == engine.missing(state, back), "nobody folded in between, and what is asked is the same"
    shop.write("b", 'did "C"')
    assert set(back.specs) < engine.missing(state, shop.write("a", 'did "A"'))


def test_a_state_that_later_definitions_built_is_filled_whole():
    shop = Shop()
    older = shop.write("a", 'did "A"')
    state, _ = filled(State(), [], shop.write("b", 'did "B"'), START)
    assert set(older.specs) == engine.missing(state, older)


@thorough
@given(st.data(), histories)
def test_after_any_edits_the_timelines_are_those_of_the_log(data, history):
    shop, told = Shop(), sorted(history, key=lambda event: event.time)
    catalogues = [shop.publish("s0", data.draw(segments)["s0"])]
    state, now = engine.fresh(catalogues[0]), START
    known: list[Event] = []
    for _ in range(data.draw(st.integers(1, 6))):
        for name, node in data.draw(segments).items():
            if name in ("s0", "s1") and data.draw(st.booleans()):
                catalogues.append(shop.publish(name, node))
        size = data.draw(st.integers(0, 3))
        batch, told = told[:size], told[size:]
        now = max([now, *(event.time for event in batch)])
        # Somebody may still fold by the definitions of before.
        catalogue = catalogues[-1 - data.draw(st.integers(0, min(1, len(catalogues) - 1)))]
        state, _ = filled(state, known, catalogue, now)
        known += batch
        state = engine.apply(state, batch, catalogue, now, engine.KnownEvents(known))
        assert engine.rebuild(known, catalogue, now).timelines == state.timelines
