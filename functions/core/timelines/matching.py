"""Matching: the entries that an event makes in a timeline."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from functions.core.base.events import Event
from functions.core.base.trust import is_trusted
from functions.core.timelines import cart_lines, cart_steps, carts, consents
from functions.core.timelines.entry import MARKS, OF_PUBLIC, Entry, total
from functions.core.timelines.event_keys import NATURAL, UNKEYED, hash_of, key_of, keys_of, own_key, whole_key
from functions.core.timelines.filters import exact, path_of, property_value, values
from functions.core.timelines.json_values import UNREADABLE, encoded
from functions.core.timelines.spec import TimelineSpec


def match(spec: TimelineSpec, event: Event) -> Entry | None:
    """The entry that the event makes in the timeline, one of them if it makes several; None if it does not match."""
    return next(iter(matches(spec, event)), None)


def matches(spec: TimelineSpec, event: Event) -> Iterable[Entry]:
    """The entries that the event makes in the timeline: none, one, or one for each of several keys."""
    if spec.consent:
        return consents.entries(event)
    if spec.trait is not None:
        return _statements(spec.trait, event)
    if event.name not in spec.events or not spec.timely(event.time):
        return ()
    return _plain(spec, event) if spec.is_plain else _shaped(spec, event)


def _plain(spec: TimelineSpec, event: Event) -> Iterable[Entry]:
    if not spec.accepts(event.properties):
        return ()
    key, rest = whole_key(event)
    return (Entry(event.time, 0, key, None, rest),)


def _shaped(spec: TimelineSpec, event: Event) -> Iterable[Entry]:
    counted = event.properties if spec.money is None else spec.money.counted(event.properties, event.time)
    if not spec.accepts(counted) or (spec.without is not None and keys_of(event.properties, spec.without)):
        return ()
    if spec.cart:
        return _cart_steps(str(spec.by), event)
    if spec.first:
        return (Entry(event.time, 0, 0),)
    own = _occurrence_key(spec, event) if spec.occurrence else whole_key(event)
    lines = cart_lines.encoded(event) if spec.lines else None
    if spec.by is not None:
        keys = keys_of(event.properties, spec.by)
        return [_paired(event.time, key, own) if spec.occurrence else Entry(event.time, 0, key, lines) for key in keys]
    if spec.said is not None:
        sayings = _sayings(spec.said, event, counted)
        return [each._replace(key=own[0], rest=own[1]) for each in sayings] if spec.occurrence else sayings
    if spec.value is None and spec.group is None:
        return (Entry(event.time, 0, own[0], lines, own[1]),)
    if spec.group is not None:
        group = key_of(event.properties, spec.group)
        value = None if group is None else Decimal(group)
    else:
        value = number_at(counted, str(spec.value))
    if value is None:
        return ()
    return (Entry(event.time, _report(event, own[0]), own[0], value, own[1]),)


def _report(event: Event, key: int) -> int:
    """The revision of a report of an occurrence; 0 for an event that reports nothing but itself."""
    if key < UNKEYED:
        return 0
    return (max(event.revision, 0) if event.natural else 0) if is_trusted(event.trust) else OF_PUBLIC


def _occurrence_key(spec: TimelineSpec, event: Event) -> tuple[int, int]:
    """Key and rest of the occurrence that the event reports: the spec's property of it, else the event's own key."""
    path = dict(spec.occurrence).get(event.name)
    key = None if path is None else key_of(event.properties, path)
    return whole_key(event) if key is None else (key, 0)


def _paired(time: int, key: int, occurrence: tuple[int, int]) -> Entry:
    """An entry for a pair of correlation key and occurrence; of each pair the latest counts."""
    text = f"{key:x}.{occurrence[0]:x}.{occurrence[1]:x}"
    return Entry(time, 0, NATURAL + hash_of(text, 6), text)


def pair_of(entry: Entry) -> tuple[int, int]:
    """The correlation key and the occurrence's key of an entry of a timeline with both ``by`` and ``occurrence``."""
    key, occurrence, _ = str(entry.value).split(".")
    return int(key, 16), int(occurrence, 16)


def _sayings(path: str, event: Event, properties: Mapping[str, Any]) -> Iterable[Entry]:
    steps = path_of(path)
    results = values(properties, steps)
    if not results:
        return ()
    text = encoded(property_value(properties, steps[-1][0], results[0]))
    key, rest = own_key(event.identifiers, event.sort)
    return (Entry(event.time, _sent(event), key, UNREADABLE if text == "null" else text, rest),)


def _cart_steps(by: str, event: Event) -> Iterable[Entry]:
    change, key = carts.step(event), key_of(event.properties, by)
    if change is None or (key is None and change.kind != "clear"):
        return ()
    revision, cart = event.revision if event.natural else _sent(event), key or NATURAL
    # A step with the whole content replaces the earlier ones of its cart, so they share one key; likewise "some".
    only = {"all": cart, "clear": cart, "some": NATURAL + hash_of(f"some {cart}", 6)}.get(change.kind)
    entry_key, rest = whole_key(event) if only is None else (only, 0)
    return (Entry(event.time, revision, entry_key, cart_steps.encoded(cart - NATURAL, change), rest),)


def _statements(trait: str, event: Event) -> Iterable[Entry]:
    name = path_of(trait)[0][0]
    if name not in event.traits:
        return ()
    results = values(event.traits, path_of(trait))
    key, rest = own_key(event.identifiers, event.sort)
    said = MARKS[event.trust] + encoded(results[0] if results else None)
    return (Entry(event.time, _sent(event), key, said, rest),)


def _sent(event: Event) -> int:
    """The sender's time minus the event's second, in milliseconds, to order statements of one second; 0 if unknown."""
    try:
        moment = datetime.fromisoformat(event.sort.partition("#")[0])
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000) - event.time * 1000


def tie(event: Event) -> str:
    """A text that sorts statements of one second in the order of trait timelines."""
    return f"{_sent(event) + (1 << 44):014d}{hash_of(event.id, 2):05d}"


def number_at(properties: Mapping[str, Any], path: str) -> Decimal | None:
    """The number at the path, money in major units; the sum if there are several. None if there is no number."""
    steps = path_of(path)
    amounts = [property_value(properties, steps[-1][0], value) for value in values(properties, steps)]
    numbers = [value for value in amounts if isinstance(value, Decimal)]
    return exact(total(numbers)) if numbers else None
