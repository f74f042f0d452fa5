"""One event against many segments: our engine, the history scanned, and rule libraries that are handed their facts.

The libraries are given for nothing what is most of our work: counts, sums and times of the exact windows at the
event's second. All are asked in one run about the same events, in processor time, and all answers are compared.
"""

import random
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any

from bench.evaluate_peers import PEERS, Peer, names
from bench.evaluate_segments import DAY, Fact, Written, events, facts_at, generated
from bench.table import Row
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.profiles.state import State, pack, unpack
from functions.core.segments import engine
from tests.unit import reference

NOW = 1_795_000_000
HISTORY = 360
# So many events, in so many rounds; and so many that the scan of the history is asked about.
SIZES = {10: (20, 7, 5), 100: (20, 7, 5), 1_000: (20, 5, 2), 10_000: (4, 3, 1)}
FASTER = {100: 20, 1_000: 60}
SLOWER = 5

Answers = list[set[int]]


@dataclass(frozen=True, slots=True)
class Case:
    """Segments, somebody's year, and what the person does next."""

    segments: list[Written]
    facts: list[Fact]
    history: list[Event]
    new_events: list[Event]
    rounds: int

    def told(self, number: int) -> dict[str, int]:
        """The facts after so many events of the news."""
        now = self.new_events[number - 1].time if number else NOW - 1
        facts = facts_at(self.facts, self.history + self.new_events[:number], now)
        return dict(zip(names(self.facts).values(), facts, strict=True))

    @property
    def touched(self) -> float:
        """The share of the segments that mention an event of the news."""
        kinds = [(event.name, event.properties["category"]) for event in self.new_events]
        return sum(kind in segment.events for kind in kinds for segment in self.segments) / len(kinds)


def case(count: int) -> Case:
    """So many segments, a year of one person, and a visit with an event every twenty seconds."""
    number, rounds, _ = SIZES[count]
    chance = random.Random(2)
    year = sorted(NOW - 1 - int(365 * DAY * chance.random() ** 2) for _ in range(HISTORY))
    history = list(events(chance, year))
    new_events = list(events(chance, [NOW + 20 * each for each in range(20)], HISTORY))[:number]
    segments = generated(count)
    return Case(
        segments, sorted({leaf.fact for one in segments for leaf in one.leaves.values()}), history, new_events, rounds
    )


def rows() -> Iterator[Row]:
    """The table, a number of segments after the other."""
    for package, (module, _) in PEERS.items():
        if find_spec(module) is None:
            yield Row(f"{package}: not installed, left out", 0, "")
    ours: dict[int, float] = {}
    for count in SIZES:
        ours[count] = yield from _compared(case(count), count)
    yield Row("100 → 1,000 segments", ours[1_000] / ours[100], "times", SLOWER)


def _compared(case: Case, count: int) -> Generator[Row, None, float]:
    """The rows of one number of segments; returns our seconds for an event."""
    what = f"{count:,} segments"
    catalogue = _catalogue(case, None)
    before = engine.rebuild(case.history, catalogue, NOW - 1)
    ours, answers = _ours(case, catalogue, before)
    touched = case.touched
    note = f"an event touches {touched:.3g} segments, {100 * touched / count:.2g} %"
    yield Row(f"{what}: ours", ours * 1e6, "µs/event", note=note)
    yield Row(f"{what}: ours, unpacked and packed at each event", _packed(case, catalogue, before) * 1e6, "µs/event")
    took, exact = _read(case)
    yield _beside(f"{what}: ours, if nobody acts on any: kept, and read when asked", took, exact, ours, answers)
    yield _beside(f"{what}: history scanned", *_scanned(case, SIZES[count][2]), ours, answers)
    note = "free to the libraries below"
    yield Row(f"{what}: facts alone, from the history in one pass", _gathered(case) * 1e6, "µs/event", note=note)
    correct = {}
    for name, peer in _installed():
        took, theirs = _asked(case, peer)
        yield _beside(f"{what}: {name}", took, theirs, ours, answers)
        if theirs == answers:
            correct[name] = took
    if correct:
        yield _verdict(what, count, ours, correct)
    return ours


def _beside(what: str, took: float, theirs: Answers, ours: float, answers: Answers) -> Row:
    same = "same answers" if theirs == answers[: len(theirs)] else "OTHER ANSWERS"
    return Row(what, took * 1e6, "µs/event", note=f"{took / ours:,.3g} × ours; {same}")


def _verdict(what: str, count: int, ours: float, correct: dict[str, float]) -> Row:
    name, took = min(correct.items(), key=lambda each: each[1])
    budget = 100 / FASTER[count] if count in FASTER else None
    requirement = f", {FASTER[count]} × wanted" if count in FASTER else ""
    return Row(f"{what}: ours, of the fastest library's", 100 * ours / took, "%", budget,
               f"{took / ours:.3g} × faster{requirement}: {name}")  # fmt: skip


def _installed() -> Iterator[tuple[str, Peer]]:
    for package, (module, ways) in PEERS.items():
        if find_spec(module) is not None:
            yield from ((f"{package}, {way}", peer) for way, peer in ways.items())


def _catalogue(case: Case, active: tuple[str, ...] | None) -> engine.Catalogue:
    return engine.compile_catalogue({segment.name: segment.node() for segment in case.segments}, active=active)


def _per_event(case: Case, step: Callable[[Any, Event], Any], start: Any) -> float:
    """Seconds that an event takes, at the median of the rounds; each step has what the one before gave."""
    took = []
    for _ in range(case.rounds + 1):
        state, begin = start, time.process_time()
        for event in case.new_events:
            state = step(state, event)
        took.append(time.process_time() - begin)
    return median(took[1:]) / len(case.new_events)


def _ours(case: Case, catalogue: engine.Catalogue, before: State) -> tuple[float, Answers]:
    """How long an event takes with every segment acted on, timers included, and what the person is in after each."""
    took = _per_event(case, lambda state, event: engine.apply(state, [event], catalogue, event.time), before)
    numbers = {segment.name: segment.number for segment in case.segments}
    answers, state = [], before
    for event in case.new_events:
        state = engine.apply(state, [event], catalogue, event.time)
        answers.append({numbers[name] for name in state.memberships})
    return took, answers


def _packed(case: Case, catalogue: engine.Catalogue, before: State) -> float:
    def step(packed: bytes, event: Event) -> bytes:
        return pack(engine.apply(unpack(packed, catalogue.names, ""), [event], catalogue, event.time))

    return _per_event(case, step, pack(before))


def _read(case: Case) -> tuple[float, Answers]:
    """With no segment acted on: an event is only remembered, and whoever reads evaluates."""
    catalogue = _catalogue(case, ())
    before = state = engine.rebuild(case.history, catalogue, NOW - 1)
    numbers = {segment.name: segment.number for segment in case.segments}
    answers = []
    for event in case.new_events:
        state = engine.apply(state, [event], catalogue, event.time)
        verdicts = engine.evaluate(state, catalogue, event.time)
        answers.append({numbers[name] for name, verdict in verdicts.items() if holds(verdict)})
    took = _per_event(case, lambda state, event: engine.apply(state, [event], catalogue, event.time), before)
    return took, answers


def _scanned(case: Case, number: int) -> tuple[float, Answers]:
    """The tests' reference evaluator, which reads the whole history for each condition."""
    nodes = {segment.number: segment.node() for segment in case.segments}
    answers, begin = [], time.process_time()
    for place, event in enumerate(case.new_events[:number], 1):
        history = case.history + case.new_events[:place]
        answers.append({name for name, node in nodes.items() if reference.member(node, history, event.time)})
    return (time.process_time() - begin) / number, answers


def _gathered(case: Case) -> float:
    begin = time.process_time()
    for number in range(len(case.new_events)):
        case.told(number + 1)
    return (time.process_time() - begin) / len(case.new_events)


def _asked(case: Case, peer: Peer) -> tuple[float, Answers]:
    library = peer(case.segments, case.facts)
    start, *ready = [library.prepare(case.told(number)) for number in range(len(case.new_events) + 1)]
    took = []
    for _ in range(case.rounds + 1):
        library.evaluate(start)
        begin = time.process_time()
        for each in ready:
            library.evaluate(each)
        took.append(time.process_time() - begin)
    return median(took[1:]) / len(ready), [library.read(library.evaluate(each)) for each in ready]
