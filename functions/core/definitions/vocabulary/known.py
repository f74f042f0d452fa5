"""The names known in a shop, and the complaints about unknown ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from functions.core.base.limits import MOST_FAULTS
from functions.core.base.spelling import nearest
from functions.core.definitions.vocabulary import standard
from functions.core.definitions.vocabulary.mentions import Mention
from functions.core.definitions.vocabulary.seen import BROWSER, Names, Sort, by_event

if TYPE_CHECKING:
    from functions.core.definitions.records import Definition

_ONE: Mapping[str, str] = {"events": "event", "properties": "property", "categories": "category", "traits": "trait"}
_STANDARD: Mapping[str, frozenset[str]] = {
    "events": frozenset(standard.EVENTS),
    "properties": standard.PROPERTIES,
    "categories": standard.CATEGORIES,
    "traits": standard.TRAITS,
}
# The similarity (0 to 1) from which a name is taken for a misspelling of another although it was seen.
_TYPO = 0.85
# The names of one text for which the one that was meant is looked up.
MOST_DOUBTS = 300
# The events that one complaint names.
_MOST_NAMED = 5


class UnknownName(NamedTuple):
    """A complaint about a name, and the name that was probably meant."""

    name: str
    message: str
    suggestion: str | None


class _Doubt(NamedTuple):
    """What may be wrong with a name, before anybody looks for the one that was meant, which is the costly part.

    ``seen`` are the names that may have been meant. With ``is_taken`` the name is fine unless it is nearly one of them.
    """

    name: str
    message: str
    seen: frozenset[str]
    is_taken: bool = False

    def complaint(self) -> UnknownName | None:
        meant = _near(self.name, self.seen, _TYPO) if self.is_taken else _near(self.name, self.seen)
        return UnknownName(self.name, self.message, meant) if meant or not self.is_taken else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known names by sort; categories are checked only once any were seen.

    names     standard names, those listed in definitions of events and of sources, and those seen
    browser   names seen only under the write key, which is public
    of_event  the properties of each event that was seen with some
    groups    the events that each definition of events lists
    """

    names: Mapping[str, frozenset[str]]
    browser: Mapping[str, frozenset[str]]
    of_event: Mapping[str, frozenset[str]]
    groups: Mapping[str, tuple[str, ...]]
    judges_categories: bool = False

    def doubt(self, mention: Mention) -> _Doubt | None:
        """What may be wrong with a name that a definition mentions; None if it is known."""
        sort, name = mention.sort, mention.name
        if sort == "categories" and not self.judges_categories:
            return None
        if sort == "properties" and (names := self._of(mention.events)) is not None:
            return None if name in names else _Doubt(name, _never(mention), names)
        names = self.names[sort]
        if name in names:
            return None
        if name not in self.browser[sort]:
            return _Doubt(name, _unknown(sort, name), names | self.browser[sort])
        return _Doubt(name, _seen_in_browsers(sort, name), names, is_taken=True)

    def _of(self, events: tuple[str | Mapping[str, str], ...]) -> frozenset[str] | None:
        """The properties of the events together; None if those of any event are unknown."""
        names = [name for each in events for name in ([each] if isinstance(each, str) else self._listed(each))]
        if not names or not all(name in self.of_event for name in names):
            return None
        return standard.COMMON.union(*(self.of_event[name] for name in names))

    def _listed(self, group: Mapping[str, str]) -> tuple[str, ...]:
        return self.groups.get(group["named"], ("",))


def vocabulary(current: Iterable["Definition"], seen: Names) -> Vocabulary:
    """The vocabulary from standard names, the current definitions and the names seen."""
    current = list(current)
    groups = {each.id: tuple(each.body["any of"]) for each in current if each.kind == "events"}
    rules = [rule for each in current if each.kind == "sources" for rule in each.body["events"]]
    listed: dict[str, set[str]] = {
        "events": {name for names in groups.values() for name in names} | {rule["event"] for rule in rules},
        **{sort: {name for rule in rules for name in rule.get(sort, ())} for sort in ("properties", "traits")},
    }
    names = {sort: standard_names | seen[sort] | listed.get(sort, set()) for sort, standard_names in _STANDARD.items()}
    pairs = by_event(seen["event properties"] | seen[f"{BROWSER}event properties"])
    return Vocabulary(
        names,
        {sort: seen[f"{BROWSER}{sort}"] for sort in _STANDARD},
        {event: standard.EVENTS.get(event, frozenset()) | paths for event, paths in pairs.items()},
        groups,
        bool(seen["categories"] or seen[f"{BROWSER}categories"]),
    )


def complaints(mentions: Iterable[Mention], vocabulary: Vocabulary) -> list[UnknownName]:
    """The complaints about the names, each once, in order; of more than ``MOST_FAULTS`` the first.

    To find what was meant, a name is compared with all that are known. So each is looked up once, and of more than
    ``MOST_DOUBTS`` names the first.
    """
    doubts = {doubt.message: doubt for each in mentions if (doubt := vocabulary.doubt(each))}
    found = (complaint for doubt in islice(doubts.values(), MOST_DOUBTS) if (complaint := doubt.complaint()))
    return list(islice(found, MOST_FAULTS))


def _unknown(sort: Sort, name: str) -> str:
    listed = " no definition of events or sources has it," if sort == "events" else ""
    return f"no {_ONE[sort]} {name!r} is known: it is not standard,{listed} and none was seen"


def _never(mention: Mention) -> str:
    names = [each if isinstance(each, str) else each["named"] for each in mention.events]
    more = [f"{len(names) - _MOST_NAMED} others"] if len(names) > _MOST_NAMED else []
    events = " or ".join([*map(repr, names[:_MOST_NAMED]), *more])
    return f"no {events} came with a property {mention.name!r} yet, and none has it by the standard"


def _seen_in_browsers(sort: Sort, name: str) -> str:
    return f"{_ONE[sort]} {name!r} was seen under the write key only, with which anybody can send any name"


def _near(name: str, names: Iterable[str], alike: float = 0.6) -> str | None:
    """The most similar known name, ignoring case; None if its similarity is below ``alike``."""
    by_case = {each.casefold(): each for each in sorted(names)}
    return by_case.get(nearest(name.casefold(), by_case, alike) or "")
