"""One person while they are being folded: put together from what is stored, taught new events, written back."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows.records import Due
from functions.core.ports import Log, Ports
from functions.core.profiles import attributes
from functions.core.profiles.records import Card, Hot, Pointer
from functions.core.profiles.resolution import MergePlan
from functions.core.profiles.state import State, pack
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import tick

# How far a sender's clock may lag behind ours: the log is ordered by the sender's time.
SKEW = 3_600


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the making. ``losers`` are the stored profiles that end in this one; ``card`` is None when no
    event says anything of it."""

    hot: Hot
    state: State
    stored_card: Card | None
    card: Card | None
    pointers: tuple[Pointer, ...] = ()
    losers: tuple[tuple[Hot, State, Card], ...] = ()
    moved: tuple[Pointer, ...] = ()


def planned(plan: MergePlan, stored: StoredProfiles, ruleset: Ruleset) -> Person:
    """The person of the plan with what is stored of them."""
    hot = stored.hot(plan.profile)
    losers = [stored.hot(profile) for profile in plan.absorbed]
    return Person(
        hot=hot,
        state=ruleset.state(hot),
        stored_card=stored.cards.get(plan.profile),
        card=plan.attributes,
        pointers=plan.created,
        losers=tuple((loser, ruleset.state(loser), stored.card(loser.profile)) for loser in losers),
        moved=plan.repointed,
    )


def learn(person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int) -> Person:
    """The person with these events in their timelines and their memberships right at ``now``.

    The log is read where what is stored does not tell whether an event is new. Raises Undecided if that is so and
    the card, which names the person's partitions of the log, was not read.
    """
    try:
        state = _learned(person, events, log, ruleset, now, None)
    except Undecided as undecided:
        if person.hot.version and person.stored_card is None:
            raise
        state = _decided(person, events, log, ruleset, now, undecided.since)
    reachable = bool(attributes.addresses(person.card)) if person.card else person.state.reachable
    return replace(person, state=replace(state, reachable=reachable))


def _decided(person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int, since: int | None) -> State:
    """The state by the log since the instant, or by all of it if that is not enough.

    Each order of a storefront is told several times within days, by people who may have years of events.
    """
    if since is not None:
        with suppress(Undecided):
            recent = engine.Known(_told(person, events, log, since - SKEW), since=since)
            return _learned(person, events, log, ruleset, now, recent)
    return _learned(person, events, log, ruleset, now, engine.Known(_told(person, events, log)))


def _learned(
    person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int, known: engine.Known | None
) -> State:
    catalogue = ruleset.catalogue
    state, *others = (
        complete(state, card, hot, events, log, ruleset, now)
        for hot, state, card in ((person.hot, person.state, person.stored_card), *person.losers)
    )
    for other in others:
        state = engine.merge(state, other, catalogue, now, known)
    return engine.apply(state, events, catalogue, now, known)


def _told(person: Person, events: Sequence[Event], log: Log, since: int = 0) -> list[Event]:
    """What the log has since the instant of the person and of those who end in them, with these events."""
    stored = (person.stored_card, *(card for _, _, card in person.losers))
    return [*events, *(event for card in stored if card for event in history(card, log, since))]


def complete(
    state: State, card: Card | None, hot: Hot, events: Iterable[Event], log: Log, ruleset: Ruleset, now: int
) -> State:
    """The state with every timeline of the current definitions; new ones are filled from the log.

    What is being folded just now is left out: it is news, and starts flows, while the past does not.
    """
    catalogue = ruleset.catalogue
    if hot.version == 0:
        return engine.fresh(catalogue, hot.profile)
    wanted = engine.missing(state, catalogue)
    if not wanted:
        # Whom a publication brings in enters now, not at the time of the events that are folded.
        return engine.advance(state, catalogue, now) if state.welcomed < catalogue.welcomed else state
    news = {event.id for event in events}
    past = [event for event in history(card or Card(hot.profile), log) if event.id not in news]
    return engine.backfill(engine.advance(state, catalogue, now), past, catalogue, now, wanted)


def history(card: Card, log: Log, since: int = 0) -> list[Event]:
    """Everything in the log under the card's identifiers, of a shared one what happened while it was this person's."""
    return [
        event
        for name in sorted(card.identifiers)
        for event in log.read(name, since)
        if attributes.owns(card, name, event.time)
    ]


def save(person: Person, ports: Ports, ruleset: Ruleset, now: int) -> None:
    """Write the person, in the order that survives a crash between any two writes; raises Conflict."""
    if person.pointers:
        ports.people.point(person.pointers)
    if person.card is not None and person.card != person.stored_card:
        ports.people.save_card(person.card)
    save_state(person.hot, person.state, ports, ruleset, now)
    for hot, _, card in person.losers:
        absorb(hot, card, person.hot.profile, ports)
    if person.moved:
        ports.people.point(person.moved, moving=True)


def absorb(hot: Hot, card: Card, winner: str, ports: Ports) -> None:
    """Leave nothing of the profile but the way to the one that it ends in; raises Conflict if somebody wrote it."""
    ports.people.absorb(replace(hot, packed=b"", due=None, merged_into=winner), card)


def save_state(hot: Hot, state: State, ports: Ports, ruleset: Ruleset, now: int) -> Hot:
    """Write the state unless nothing changed, and see that somebody wakes up when it falls due soon.

    Returns what is stored then.
    """
    changed = replace(hot, packed=pack(state), due=stored_due(hot.due, state.due, now))
    is_new = changed != hot or hot.version == 0
    if is_new:
        ports.people.save_state(replace(changed, news=ruleset.is_news(ruleset.state(hot), state)))
    wake(changed, ports, now)
    return replace(changed, version=hot.version + is_new)


def stored_due(stored: int | None, due: int | None, now: int) -> int | None:
    """The instant to keep in the index: a later one is not written, since waking early does no harm."""
    if stored is not None and stored > now and (due is None or due >= stored):
        return stored
    return due


def wake(hot: Hot, ports: Ports, now: int) -> None:
    """Queue a wake to the second if the profile falls due before the next tick surely sees it."""
    if hot.due is not None and hot.due <= now + tick.SOON:
        ports.queues.send([tick.dispatch(Due(hot.profile, "state", hot.due), now)])
