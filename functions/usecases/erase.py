"""Delete a person, or everybody, when the law asks for it.

What leads to the rest goes last: the log, messages and runs first, then pointers and the profile. An erasure that
dies on the way finds everything again when it is repeated, and one that is repeated finds nothing.

Events that were in the stream already are folded after their rows are gone, and leave a profile without a log. A
second look, when every stream has long been read, takes those away and nothing else: whoever has come back
meanwhile has a log again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from functions.core.identity import is_strong, profile_id
from functions.core.ports import Ports
from functions.core.records import Card, Dispatch
from functions.usecases.snapshot import Snapshot, read

SECOND_LOOK = 900


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was deleted; names nobody."""

    profiles: int = 0
    events: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.profiles + other.profiles, self.events + other.events)


def erase_people(identifiers: Iterable[str], ports: Ports) -> Erased:
    """Delete everybody who has one of the identifiers, and whatever the log holds under these."""
    given = sorted(set(identifiers))
    erased = _erase(frozenset(given), ports)
    if given:
        ports.queues.send([Dispatch("erasures", {"identifiers": given, "second": True}, SECOND_LOOK)])
    return erased


def erase_ghosts(identifiers: Iterable[str], ports: Ports) -> Erased:
    """Delete the profiles that these identifiers lead to and whose log is empty."""
    found = read(ports.people, frozenset(identifiers), cards=True, fresh=True)
    profiles = {found.living(pointer.profile) for pointer in found.pointers.values()}
    cards = [found.card(profile) for profile in sorted(profiles)]
    ghosts = [card for card in cards if not any(_has_events(name, ports) for name in card.identifiers)]
    for card in ghosts:
        _forget(card, card.identifiers, ports)
    return Erased(profiles=len(ghosts))


def erase_shop(shop: str, start: str | None, ports: Ports, late: Callable[[], bool]) -> Erased:
    """Delete everybody, page by page, until done or ``late``, when the rest is queued."""
    erased = Erased()
    for hots, following in ports.people.pages(start):
        _, _, cards = ports.people.load((), [hot.profile for hot in hots], cards=True, fresh=True)
        for hot in hots:
            card = cards.get(hot.profile, Card(hot.profile))
            erased += _erase(card.identifiers, ports)
            _forget(card, card.identifiers, ports)
        if following is not None and late():
            ports.queues.send([Dispatch("erasures", {"shop": shop, "start": following})])
            break
    return erased


def _erase(given: frozenset[str], ports: Ports) -> Erased:
    names, found = _everything(given, ports)
    profiles = {found.living(pointer.profile) for pointer in found.pointers.values()}
    events = sum(ports.log.erase(name) for name in sorted(names))
    for profile in sorted(profiles):
        _forget(found.card(profile), names | found.card(profile).identifiers, ports)
    for name in sorted(names - found.pointers.keys()):
        ports.people.forget(profile_id(name), [name])
    return Erased(len(profiles), events)


def _everything(given: frozenset[str], ports: Ports) -> tuple[frozenset[str], Snapshot]:
    """Every name of the people who have one of these, as stored and as the unfolded log will tell."""
    names, looked_up = given, frozenset[str]()
    found = Snapshot({}, {}, {})
    while fresh := names - looked_up:
        more = read(ports.people, fresh, cards=True, fresh=True)
        found.pointers.update(more.pointers)
        found.hots.update(more.hots)
        found.cards.update(more.cards)
        looked_up |= fresh
        profiles = {found.living(pointer.profile) for pointer in found.pointers.values()}
        cards = frozenset(name for profile in profiles for name in found.card(profile).identifiers)
        # A device that an event names may be somebody else's; an account or address is the person's.
        told = {name for each in fresh for event in ports.log.read(each) for name in event.identifiers}
        names = names | cards | frozenset(filter(is_strong, told))
    return names, found


def _forget(card: Card, names: Iterable[str], ports: Ports) -> None:
    for profile in (*sorted(card.absorbed), card.profile):
        ports.ledger.forget(profile)
        ports.runs.forget(profile)
    for absorbed in sorted(card.absorbed):
        ports.people.forget(absorbed, [])
    ports.people.forget(card.profile, sorted(names))


def _has_events(name: str, ports: Ports) -> bool:
    return next(iter(ports.log.read(name)), None) is not None
