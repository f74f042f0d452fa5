"""Merge new events into the profiles of the people they are about, and evaluate what that touches.

Everything here may be done twice: the stream repeats, and a write that loses against another one is begun
again from what is stored then. The order of writes makes a crash between any two of them harmless:

    pointers of new identifiers (conditionally) -> card -> state -> tombstones of the absorbed -> their pointers

A pointer is claimed before the profile is written, so that two folds never make two people of one name; what was
absorbed is stored with the winner before its own row becomes a tombstone.
"""

from collections.abc import Iterator, Sequence

from functions.core.base.errors import Unavailable, Undecided
from functions.core.base.events import Event
from functions.core.base.identity import accounts, are_several_accounts, are_two_people
from functions.core.definitions.ruleset import Loaded
from functions.core.ports import Ports
from functions.core.profiles.grouping import Groups, order
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.conflicts import retry_on_conflict
from functions.usecases.repartition import repartition
from functions.usecases.snapshot import Snapshot, read


def fold(events: Sequence[Event], ports: Ports, loaded: Loaded, now: int) -> dict[int, Unavailable]:
    """Fold the events; return those that could not be folded, by position, with the reason."""
    names = {name for event in events for name in event.identifiers}
    first = read(ports.people, names, cards=any(map(_needs_card, events)))
    failed: dict[int, Unavailable] = {}
    for positions in connected(events, first.public()):
        try:
            _fold_group([events[i] for i in positions], first, ports, loaded, now)
        except Unavailable as error:
            failed.update(dict.fromkeys(positions, error))
    return failed


def connected(events: Sequence[Event], public: frozenset[str] = frozenset()) -> Iterator[list[int]]:
    """Positions of events that share identifiers, directly or through others; public ones connect nobody."""
    groups = Groups()
    for event in events:
        groups.join([name for name in event.identifiers if name not in public] or event.identifiers)
    rows: dict[int, list[int]] = {}
    for position, event in enumerate(events):
        rows.setdefault(groups.of(event), []).append(position)
    yield from rows.values()


def _needs_card(event: Event) -> bool:
    return bool(len(event.identifiers) > 1 or event.traits or event.consent or event.suppression)


def _fold_group(events: list[Event], first: Snapshot | None, ports: Ports, loaded: Loaded, now: int) -> None:
    names = {name for event in events for name in event.identifiers}
    read_already = iter([first] if first is not None and not _lacks_history(names, first, loaded) else [])

    def fold_once() -> None:
        found = next(read_already, None) or read(ports.people, names, cards=True, fresh=True)
        _fold_once(events, names, found, ports, loaded, now)

    # What only the log can tell needs the card, which names the person's partitions: it is read the second time.
    retry_on_conflict(fold_once, "fold", "the profile keeps changing", also=(Undecided,))


def _lacks_history(names: set[str], found: Snapshot, loaded: Loaded) -> bool:
    """Whether a stored profile has to be filled from the log, and the card that names its identifiers was not read."""
    known = {found.hot(profile) for name in names for profile in found.profiles_of(name)}
    unread = [hot for hot in known if hot.version and hot.profile not in found.cards]
    return any(engine.missing(loaded.state(hot), loaded.catalogue) for hot in unread)


def _fold_once(events: list[Event], names: set[str], found: Snapshot, ports: Ports, loaded: Loaded, now: int) -> None:
    groups = _groups(events, names, found)
    if _is_for_the_log(events, groups, found, loaded):
        return repartition(events, ports, loaded, now)
    by_person: dict[int, list[Event]] = {}
    for event in events:
        by_person.setdefault(groups.of(event), []).append(event)
    for each, told in by_person.items():
        somebody = person.assemble(groups.names(each), told, found, loaded)
        person.save(person.learn(somebody, told, ports.log, loaded, now), ports, loaded, now)
    return None


def _groups(events: list[Event], names: set[str], found: Snapshot) -> Groups:
    """Who is one person after these events, as far as the identifiers they carry reach."""
    groups = Groups(found.public())
    shared = [name for name in sorted(names) if found.is_shared(name)]
    known: dict[str, set[str]] = {owner: _own(owner, found) for name in shared for _, owner in found.owners(name)}
    for name in names.difference(shared):
        if (profile := found.profile_of(name)) and not _is_wrong(name, found):
            known.setdefault(profile, _own(profile, found)).add(name)
    people = {profile: groups.add(identifiers) for profile, identifiers in known.items()}
    for name in shared:
        for since, owner in found.owners(name):
            groups.own(name, since, people[owner])
    for event in sorted(events, key=order):
        groups.link(event.identifiers, event.time)
    return groups


def _own(profile: str, found: Snapshot) -> set[str]:
    """What the card names alone, without what leads elsewhere: a card is written before the pointers that follow it."""
    card = found.card(profile)
    return {name for name in card.identifiers - card.spans.keys() if found.profile_of(name) in (profile, None)}


def _is_wrong(name: str, found: Snapshot) -> bool:
    """Whether the name leads to another person: a fold claimed it for a profile that became another account's.

    It lost the race for the card, so the card does not have the name.
    """
    if found.is_shared(name):
        return False
    identifiers = found.card(found.profile_of(name) or "").identifiers
    return name not in identifiers and are_two_people([name], identifiers)


def _is_for_the_log(events: list[Event], groups: Groups, found: Snapshot, loaded: Loaded) -> bool:
    """Whether it depends on what happened first who is who."""
    used = [(event, name) for event in events for name in event.identifiers]
    links = [event for event in events if len(event.identifiers) > 1]
    return (
        # Somebody used a device or cart that was somebody else's at the time, as far as was known.
        bool(groups.passed)
        or any(found.is_shared(name) and not found.profile_at(name, event.time) for event, name in used)
        or any(_is_wrong(name, found) for _, name in used)
        or any(_mixes_accounts(event, groups.names(groups.of(event)), found, loaded) for event in links)
    )


def _mixes_accounts(event: Event, group: frozenset[str], found: Snapshot, loaded: Loaded) -> bool:
    """Whether the event makes one person of two accounts, or happened before they became one.

    What joined them may be a device that belonged to one of them by then.
    """
    if not are_several_accounts(group):
        return False
    several = accounts(group)
    profiles = {profile for name in several if (profile := found.profile_of(name))}
    known = [profile for profile in profiles if several <= found.card(profile).identifiers]
    return not known or event.time <= loaded.state(found.hot(known[0])).evaluated
