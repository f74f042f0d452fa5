"""Profiles and identifiers in DynamoDB.

identifiers  pk identifier   p profile   f first seen   s source
             o since when whose it was, if several had it   x too many had it
profiles     pk profile      part "state" or "attributes"     v version
             state: s packed state   m profile it was merged into   shard, due: keys of the due index, while due
                    n true when the last write notifies: the stream's filter asks for it; q then its correlation id
             attributes:  b packed attributes

A due index row is rewritten by DynamoDB only when ``shard`` or ``due`` differ from what is stored, so storing
the same ``due`` again costs nothing beside the state itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT, Calls, shard_of
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.flows.records import Due
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState, Trait

_LIVE = "#part = :part AND attribute_not_exists(#m)"
_UNMOVED = "attribute_not_exists(#pk) OR #p = :p"


class DynamoPeople:
    """Profiles and the identifiers that lead to them."""

    def __init__(self, calls: Calls, shards: int, cause: Callable[[], str] = str) -> None:
        self._calls = calls
        self._cause = cause
        self._shards = shards

    def load(
        self, identifiers: Iterable[str], profiles: Iterable[str], *, with_attributes: bool = False, fresh: bool = False
    ) -> tuple[dict[str, Pointer], dict[str, StoredState], dict[str, ProfileAttributes]]:
        """Read pointers, states and, if asked, attributes in one BatchGetItem per hundred of them."""
        parts = ("state", "attributes") if with_attributes else ("state",)
        keys = {
            "identifiers": [{"pk": text(name)} for name in dict.fromkeys(identifiers)],
            "profiles": [_key(profile, part) for profile in dict.fromkeys(profiles) for part in parts],
        }
        found = self._calls.read({table: wanted for table, wanted in keys.items() if wanted}, fresh=fresh)
        pointers = map(_pointer, found.get("identifiers", []))
        stored = found.get("profiles", [])
        states = [self.from_image(item) for item in stored if item["part"]["S"] == "state"]
        known = [_attributes(item) for item in stored if item["part"]["S"] == "attributes"]
        return (
            {pointer.identifier: pointer for pointer in pointers},
            {stored_state.profile: stored_state for stored_state in states},
            {attributes.profile: attributes for attributes in known},
        )

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict when one leads to another profile already."""
        several = list({pointer.identifier: pointer for pointer in pointers}.values())
        if moving:
            self._calls.write(puts=[("identifiers", _pointer_item(pointer)) for pointer in several])
        else:
            self._calls.each(self._point, several)

    def save_state(self, stored_state: StoredState) -> None:
        """Write the state unless its stored version has changed; raises Conflict. Stores version + 1."""
        save_version(self._calls, "profiles", self._state(stored_state), stored_state.version)

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        """Write the attributes unless their stored version has changed; raises Conflict. Stores version + 1."""
        save_version(self._calls, "profiles", _attributes_item(attributes), attributes.version)

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        """Write the state and the attributes together if both versions are still what is stored; raises Conflict."""
        rows = ((self._state(stored_state), stored_state.version), (_attributes_item(attributes), attributes.version))
        self._calls.put_together([("profiles", *versioned(item, version)) for item, version in rows])

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` lies before the instant, earliest first."""
        return due_rows(self._calls, "profiles", "part", shard, before)

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[StoredState], str | None]]:
        """Every live profile's state; a page comes of ``size`` rows, attributes and tombstones among them.

        A lane is one segment of DynamoDB's parallel scan.
        """
        place = None if start is None else _key(*json.loads(start))
        asked = {"Limit": size, "Segment": lane, "TotalSegments": of}
        while True:
            items, place = self._calls.page("profiles", place, _LIVE, {":part": text("state")}, **asked)
            yield [self.from_image(item) for item in items], _mark(place)
            if not place:
                return

    def count(self) -> int:
        """About how many profiles there are: each has two rows. DynamoDB counts them every six hours or so."""
        return self._calls.count("profiles") // 2

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        """Delete the profile and the identifiers."""
        deletes = [("profiles", _key(profile, part)) for part in ("state", "attributes")]
        deletes += [("identifiers", {"pk": text(name)}) for name in dict.fromkeys(identifiers)]
        self._calls.write(deletes=deletes)

    @staticmethod
    def from_image(image: Mapping[str, Any]) -> StoredState:
        """The state of an item, read from the table or from its stream."""
        item = dict(image)
        return StoredState(
            profile=string(item, "pk"),
            packed=raw(item["s"]),
            due=integer(item, "due") if "due" in item else None,
            merged_into=string(item, "m") if "m" in item else None,
            version=integer(item, "v"),
        )

    def _point(self, pointer: Pointer) -> None:
        self._calls.put("identifiers", _pointer_item(pointer), _UNMOVED, {":p": text(pointer.profile)})

    def _state(self, stored_state: StoredState) -> Item:
        item = {**_key(stored_state.profile, "state"), "s": binary(stored_state.packed)}
        if stored_state.notify:
            item["n"] = {"BOOL": True}
        if stored_state.notify and (cause := self._cause()):
            item["q"] = text(cause)
        if stored_state.merged_into is not None:
            item["m"] = text(stored_state.merged_into)
        elif stored_state.due is not None:
            item |= {"shard": text(shard_of(stored_state.profile, self._shards)), "due": number(stored_state.due)}
        return item


def save_version(calls: Calls, table: str, item: Item, version: int) -> None:
    """Write the item as version + 1 if version is what is stored, 0 standing for nothing."""
    calls.put(table, *versioned(item, version))


def versioned(item: Item, version: int) -> tuple[Item, str, Item | None]:
    """The item as version + 1, and the condition that version is what is stored with its values."""
    following = {**item, "v": number(version + 1)}
    return (following, "#v = :v", {":v": number(version)}) if version else (following, ABSENT, None)


def due_rows(calls: Calls, table: str, key: str, shard: int, before: int) -> Iterator[Due]:
    """Rows of a table's due index before the instant, earliest first."""
    values = {":shard": text(str(shard)), ":before": number(before)}
    rows = calls.query(table, "#shard = :shard AND #due < :before", values, IndexName="due")
    return (Due(string(row, "pk"), string(row, key), integer(row, "due")) for row in rows)


def _key(profile: str, part: str) -> Item:
    return {"pk": text(profile), "part": text(part)}


def _mark(place: Item | None) -> str | None:
    return json.dumps([place["pk"]["S"], place["part"]["S"]]) if place else None


def _pointer(item: Item) -> Pointer:
    profile = string(item, "p")
    return Pointer(
        identifier=string(item, "pk"),
        profile=profile,
        first_seen=integer(item, "f"),
        source=string(item, "s"),
        owners=_owners(item) if "o" in item else _blocked(item, profile),
        public="x" in item,
    )


def _owners(item: Item) -> tuple[tuple[int, str], ...]:
    rows = [row["M"] for row in item["o"]["L"]]
    return tuple((integer(row, "t"), string(row, "p")) for row in rows)


def _blocked(item: Item, profile: str) -> tuple[tuple[int, str], ...]:
    """The owners by a row of the release before, which kept with whom the first had not joined, and since when."""
    blocked = dict(item.get("sh", {"M": {}})["M"])
    since = sorted((integer(blocked, account), account) for account in blocked)
    return ((0, profile), *since) if since else ()


def _pointer_item(pointer: Pointer) -> Item:
    item = {
        "pk": text(pointer.identifier),
        "p": text(pointer.profile),
        "f": number(pointer.first_seen),
        "s": text(pointer.source),
    }
    if pointer.owners:
        item["o"] = {"L": [{"M": {"t": number(since), "p": text(owner)}} for since, owner in pointer.owners]}
    if pointer.public:
        item["x"] = {"BOOL": True}
    return item


def _body(attributes: ProfileAttributes) -> dict[str, Any]:
    traits = {name: [trait.value, trait.time, trait.source, trait.tie] for name, trait in attributes.traits.items()}
    body = {
        "i": sorted(attributes.identifiers),
        "t": traits,
        "c": {name: list(statement) for name, statement in attributes.consent.items()},
        "x": {name: list(statement) for name, statement in attributes.suppression.items()},
        "a": sorted(attributes.absorbed),
        "p": sorted(attributes.parted),
        "f": attributes.first_seen,
        "d": {name: [list(span) for span in spans] for name, spans in attributes.spans.items()},
    }
    return {name: value for name, value in body.items() if value}


def _attributes_item(attributes: ProfileAttributes) -> Item:
    return {**_key(attributes.profile, "attributes"), "b": binary(pack(_body(attributes)))}


def _attributes(item: Item) -> ProfileAttributes:
    body = unpack(raw(item["b"]))
    return ProfileAttributes(
        profile=string(item, "pk"),
        identifiers=frozenset(body.get("i", ())),
        traits={name: Trait(*parts) for name, parts in body.get("t", {}).items()},
        consent={name: tuple(statement) for name, statement in body.get("c", {}).items()},
        suppression={name: tuple(statement) for name, statement in body.get("x", {}).items()},
        absorbed=frozenset(body.get("a", ())),
        parted=frozenset(body.get("p", ())),
        first_seen=body.get("f", 0),
        spans={name: tuple((begin, end) for begin, end in spans) for name, spans in body.get("d", {}).items()},
        version=integer(item, "v"),
    )
