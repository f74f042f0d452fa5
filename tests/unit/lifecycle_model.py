"""People as the engine sees them, step by step, with what the scan says of them beside.

After every step the timelines are those of the whole history, memberships are those of the scan with their since and
cause, answers last until their instant, ``due`` comes in time, and nothing is lost in storage.
"""

from dataclasses import dataclass, field, replace

from functions.core.base.instants import holds, until
from functions.core.profiles.state import State, pack, unpack
from functions.core.segments import engine
from functions.core.timelines.versions import timeline_versions
from tests.unit.reference.course import Truth, settled, strings, together
from tests.unit.strategies import START, happened

DAY = 86_400
PARTS = "abcd"
# How many coming changes every answer is held against.
FORESEEN = 12


@dataclass
class Someone:
    """One profile as stored, the parts of the log that are theirs, and their memberships as the scan says."""

    id: str
    parts: frozenset
    stored: bytes = b""
    memberships: dict = field(default_factory=dict)


class Lives:
    """A shop whose people, definitions and clocks all change; its steps are its first methods."""

    def __init__(self, nodes, active):
        self.now, self.log, self.people, self.count = START, [], [], 0
        self.revision, self.kept = 0, {}
        self.define(nodes, active)
        self.before = self.nodes, self.catalogue

    def define(self, nodes, active):
        """Publish what is new or different; the rest is kept as it was."""
        self.revision += 1
        self.kept = {name: self.keeping(name, node) for name, node in nodes.items()}
        definitions = list(self.kept.values())
        self.nodes = nodes
        self.catalogue = engine.compile_catalogue(
            nodes, active=active, published=engine.Publications(self.revision, versions=definitions)
        )

    def keeping(self, name, node):
        return timeline_versions(engine.timelines(node), self.kept.get(name, {}), self.revision)

    # Steps

    def tell(self, part, batch, behind):
        """A batch comes: new events in any order, late ones, and some that came before (by number)."""
        someone, clock = self.whose(PARTS[part]), self.now - behind
        state, past = self.current(someone, clock), self.history(someone)
        new = [self.event(PARTS[part], *each) for each in batch if not isinstance(each, int)]
        again = [past[each % len(past)] for each in batch if isinstance(each, int) and past]
        way, seen = self.way(state), state.evaluated
        for at, told in together(new + again, seen):
            if seen:
                self.evaluate_at(someone, max(at - 1, seen), *way)
                way = ("time",)
            self.log += [event for event in told if event in new]
            self.evaluate_at(someone, at, "event")
            seen = at
        self.evaluate_at(someone, max(clock, seen), *(way if seen else ("event",)))
        told, known = new[1:] + again + new[:1], engine.KnownEvents(self.history(someone))
        self.store(someone, engine.apply(state, told, self.catalogue, clock, known))

    def wait_for_an_answer_to_end(self, number, which, beside, behind):
        """Somebody is woken when an answer may change, or one tick beside."""
        someone = self.nth(number)
        state = self.current(replace(someone), self.now)
        verdicts = engine.evaluate(state, self.catalogue, max(self.now, state.evaluated))
        ends = sorted({end for end in (state.due, *map(until, verdicts.values())) if end is not None})
        self.now = max([self.now, *(end + beside for end in ends[which : which + 1])])
        self.wake(someone, self.now - behind)

    def look_at(self, number, behind):
        self.wake(self.nth(number), self.now - behind)

    def tell_by_older_definitions(self, part, batch, behind):
        """Somebody still folds by the definitions of before the last edit."""
        current = self.nodes, self.catalogue
        self.nodes, self.catalogue = self.before
        self.tell(part, batch, behind)
        self.nodes, self.catalogue = current

    def ask(self, number, ahead):
        """Nothing is written, and the answer is that of the instant."""
        someone = replace(self.nth(number))
        state = self.current(someone, self.now)
        at = max(self.now, state.evaluated) + ahead
        found = engine.evaluate(state, self.catalogue, at)
        assert self.truth(someone).at(at) == {name: holds(verdict) for name, verdict in found.items()}
        self.evaluate_at(someone, at, *self.way(state))
        assert someone.memberships == dict(engine.advance(state, self.catalogue, at).memberships)

    def merge(self, number, other, behind):
        """Two people turn out to be one."""
        if len(self.people) < 2:
            return
        ours, clock = self.nth(number), self.now - behind
        theirs = self.nth(self.people.index(ours) + 1 + other % (len(self.people) - 1))
        states = [self.current(someone, clock) for someone in (ours, theirs)]
        at = max(clock, *(state.evaluated for state in states))
        for someone, state in zip((ours, theirs), states, strict=True):
            self.evaluate_at(someone, max(clock, state.evaluated), *self.way(state))
        self.people.remove(theirs)
        ours.parts |= theirs.parts
        for name, held in theirs.memberships.items():
            ours.memberships[name] = min(held, ours.memberships.get(name, held))
        self.evaluate_at(ours, at, "event")
        known = engine.KnownEvents(self.history(ours))
        state, other_state = states
        self.store(ours, engine.merge(state, other_state, self.catalogue, clock, known))

    def part(self, number, cut, behind):
        """One turns out to be two: each is built from their part of the log, one with the memberships known before."""
        several = [someone for someone in self.people if len(someone.parts) > 1]
        if not several:
            return
        ours, clock = several[number % len(several)], self.now - behind
        left = sorted(ours.parts)[cut % len(ours.parts)]
        ours.parts -= {left}
        theirs, state = self.somebody(left), self.stored(ours)
        for someone, known in ((ours, state), (theirs, State(profile=theirs.id))):
            begun = replace(known, timelines={}, timelines_digest="", segments_digest="")
            self.filled(someone, begun, clock)
            history = self.history(someone)
            self.store(someone, engine.backfill(begun, history, self.catalogue, clock, self.catalogue.specs))

    def edit(self, nodes, kept, dropped, active):
        """Definitions are changed, removed and left as they are; of timelines some stay and some are new."""
        self.before = self.nodes, self.catalogue
        changed = {**nodes, **{name: self.nodes[name] for name in kept & self.nodes.keys()}}
        named = set(strings(list(changed.values()), "segment"))
        self.define({name: node for name, node in changed.items() if name not in dropped - named}, active)

    def bring_everybody_up_to_date(self, behind):
        """The backfill after an edit."""
        for someone in self.people:
            self.wake(someone, self.now - behind)

    # What steps are made of

    def whose(self, part):
        found = [someone for someone in self.people if part in someone.parts]
        return found[0] if found else self.somebody(part)

    def somebody(self, part):
        someone = Someone(f"p{self.count}", frozenset(part))
        self.count += 1
        self.people.append(someone)
        return someone

    def nth(self, number):
        return self.people[number % len(self.people)]

    def event(self, part, happening, lag, consent, aliases):
        self.count += 1
        return happened(self.count, happening, self.now - lag - START, part, consent, aliases)

    def history(self, someone):
        return [event for event in self.log if event.identifiers[0].partition(":")[2] in someone.parts]

    def truth(self, someone):
        return Truth(self.nodes, self.history(someone), someone.id)

    def stored(self, someone):
        if not someone.stored:
            return engine.fresh(self.catalogue, someone.id)
        return unpack(someone.stored, self.catalogue.names, someone.id)

    def evaluate_at(self, someone, at, cause, due=None):
        active = self.catalogue.active
        someone.memberships = settled(someone.memberships, self.truth(someone), active, at, cause, due)

    def way(self, state):
        """What the way up to the next step is put down to."""
        if not state.evaluated:
            return ("event",)
        return ("time",) if state.built == self.catalogue.built else ("backfill", state.due)

    def filled(self, someone, state, clock):
        at = max([clock, state.evaluated, *(event.time for event in self.history(someone))])
        self.evaluate_at(someone, at, "backfill", state.due)

    def current(self, someone, clock):
        """The state with every timeline of the definitions in force, as it is completed before anything is told."""
        state = self.stored(someone)
        wanted = engine.missing(state, self.catalogue)
        if not wanted:
            return state
        self.filled(someone, state, clock)
        state = engine.advance(state, self.catalogue, clock)
        return engine.backfill(state, self.history(someone), self.catalogue, clock, wanted)

    def wake(self, someone, clock):
        state = self.current(someone, clock)
        self.evaluate_at(someone, max(clock, state.evaluated), *self.way(state))
        self.store(someone, engine.advance(state, self.catalogue, clock))

    def store(self, someone, state):
        someone.stored = pack(state)
        again = self.stored(someone)
        assert state == again
        assert someone.stored == pack(again)
        self.now = max(self.now, state.evaluated)
        self.check(someone, again)

    # What holds after every step

    def check(self, someone, state):
        truth, at = self.truth(someone), state.evaluated
        assert at <= self.now
        assert all(event.time <= at for event in self.history(someone))
        assert truth.at(at) == {name: holds(each) for name, each in engine.evaluate(state, self.catalogue, at).items()}
        assert someone.memberships == dict(state.memberships)
        assert engine.rebuild(self.history(someone), self.catalogue, at).timelines == state.timelines
        self.foresee(truth, state)

    def foresee(self, truth, state):
        """No answer is given for longer than it stays right, nor does anybody sleep beyond it."""
        at, verdicts = state.evaluated, engine.evaluate(state, self.catalogue, state.evaluated)
        assert state.due is None or state.due > at
        coming = truth.ticks(at, at + 40 * DAY)[:FORESEEN]
        for name, verdict in verdicts.items():
            end = until(verdict)
            assert end is None or end > at
            change = next((tick for tick in coming if truth.holds(name, tick) != holds(verdict)), None)
            if change is not None:
                assert end is not None
                assert end <= change
                assert name not in self.catalogue.active or (state.due is not None and state.due <= change)
