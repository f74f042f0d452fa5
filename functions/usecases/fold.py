"""Merge new events into the profiles of the people they are about, and evaluate what that touches.

Everything here may be done twice: the stream repeats, and a write that loses against another one is begun
again from what is stored then. The order of writes makes a crash between any two of them harmless:

    pointers of new identifiers (conditionally) -> card -> state -> tombstones of the absorbed -> their pointers

A pointer is claimed before the profile is written, so that two folds never make two people of one name; what was
absorbed is stored with the winner before its own row becomes a tombstone.
"""

from collections.abc import Iterator, Sequence

from functions.core.catalogue import Loaded
from functions.core.errors import Conflict, Unavailable
from functions.core.events import Event
from functions.core.identity import Groups, accounts, are_several_accounts, are_two_people
from functions.core.ports import Ports
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.regroup import regroup
from functions.usecases.snapshot import Snapshot, read

ATTEMPTS = 6


def fold(events: Sequence[Event], ports: Ports, loaded: Loaded, now: int) -> dict[int, Unavailable]:
    """Fold the events; return those that could not be folded, by position, with the reason."""
    names = {name for event in events for name in event.identifiers}
    first: Snapshot | None = read(ports.people, names, cards=any(map(_needs_card, events)))
    failed: dict[int, Unavailable] = {}
    for positions in connected(events):
        try:
            _fold_group([events[i] for i in positions], first, ports, loaded, now)
        except Unavailable as error:
            failed.update(dict.fromkeys(positions, error))
    return failed


def connected(events: Sequence[Event]) -> Iterator[list[int]]:
    """Positions of events that share identifiers, directly or through others."""
    groups = Groups()
    for event in events:
        groups.link(event.identifiers, event.time)
    rows: dict[frozenset[str], list[int]] = {}
    for position, event in enumerate(events):
        rows.setdefault(groups.of(event.identifier), []).append(position)
    yield from rows.values()


def _needs_card(event: Event) -> bool:
    return bool(len(event.identifiers) > 1 or event.traits or event.consent or event.suppression)


def _fold_group(events: list[Event], first: Snapshot | None, ports: Ports, loaded: Loaded, now: int) -> None:
    names = {name for event in events for name in event.identifiers}
    found = None if first is not None and _lacks_history(names, first, loaded) else first
    for _ in range(ATTEMPTS):
        if found is None:
            found = read(ports.people, names, cards=True, fresh=True)
        try:
            return _fold_once(events, names, found, ports, loaded, now)
        except Conflict:
            found = None
    raise Conflict("fold", "the profile keeps changing")


def _lacks_history(names: set[str], found: Snapshot, loaded: Loaded) -> bool:
    """Whether a stored profile has to be filled from the log, and the card that names its identifiers was not read."""
    known = {found.hot(profile) for name in names if (profile := found.profile_of(name))}
    unread = [hot for hot in known if hot.version and hot.profile not in found.cards]
    return any(engine.missing(loaded.state(hot), loaded.catalogue) for hot in unread)


def _fold_once(events: list[Event], names: set[str], found: Snapshot, ports: Ports, loaded: Loaded, now: int) -> None:
    groups = _groups(events, names, found)
    if _is_for_the_log(events, groups, found, loaded):
        return regroup(events, ports, loaded, now)
    by_group: dict[frozenset[str], list[Event]] = {}
    for event in events:
        by_group.setdefault(groups.of(event.identifier), []).append(event)
    for group, told in by_group.items():
        somebody = person.assemble(group, told, found, loaded)
        person.save(person.learn(somebody, told, ports.log, loaded, now), ports, loaded, now)
    return None


def _groups(events: list[Event], names: set[str], found: Snapshot) -> Groups:
    """Who is one person after these events, as far as the identifiers they carry reach."""
    groups = Groups()
    known: dict[str, set[str]] = {}
    for name in names:
        if (profile := found.profile_of(name)) and not _is_wrong(name, found):
            known.setdefault(profile, _own(profile, found)).add(name)
    for identifiers in known.values():
        groups.add(identifiers)
    for event in sorted(events, key=lambda event: (event.time, event.id)):
        groups.link(event.identifiers, event.time)
    return groups


def _own(profile: str, found: Snapshot) -> set[str]:
    """What the card names, without what leads elsewhere: a card is written before the pointers that follow it."""
    return {name for name in found.card(profile).identifiers if found.profile_of(name) in (profile, None)}


def _is_wrong(name: str, found: Snapshot) -> bool:
    """Whether the name leads to another person: a fold claimed it for a profile that became another account's.

    It lost the race for the card, so the card does not have the name.
    """
    identifiers = found.card(found.profile_of(name) or "").identifiers
    return name not in identifiers and are_two_people([name], identifiers)


def _is_for_the_log(events: list[Event], groups: Groups, found: Snapshot, loaded: Loaded) -> bool:
    """Whether it depends on what happened first who is who."""
    links = [event for event in events if len(event.identifiers) > 1]
    return (
        _is_news(groups, found)
        or any(_is_wrong(name, found) for event in events for name in event.identifiers)
        or any(_mixes_accounts(event, groups.of(event.identifier), found, loaded) for event in links)
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


def _is_news(groups: Groups, found: Snapshot) -> bool:
    """Whether a shared device or cart was seen with an account it was not yet known to be shared with.

    Who it belongs to then depends on who used it first, and the log has to say.
    """
    for name, blocked in groups.shared.items():
        pointer = found.pointers.get(name)
        known = pointer.shared if pointer else {}
        if any(time < known.get(account, time + 1) for account, time in blocked.items()):
            return True
    return False
