"""Profiles and identifiers in DynamoDB; their rows are ``rows/{states,attributes,identifiers}.py``'s."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.due_index import due_page, due_pages, due_rows
from functions.adapters.dynamodb.rows import attributes as attribute_rows
from functions.adapters.dynamodb.rows import identifiers as identifier_rows
from functions.adapters.dynamodb.rows import links as link_rows
from functions.adapters.dynamodb.rows import marks as mark_rows
from functions.adapters.dynamodb.rows import states as state_rows
from functions.adapters.dynamodb.values import Item
from functions.adapters.dynamodb.versioned import save_version, versioned
from functions.core.flows.records import Due, DueWindow
from functions.core.profiles.records import Link, LoadedProfiles, Pointer, ProfileAttributes, StoredState


class DynamoPeople:
    """Profiles and the identifiers that lead to them."""

    def __init__(self, calls: Calls, shards: int, cause: Callable[[], str] = str) -> None:
        self._calls = calls
        self._cause = cause
        self._shards = shards

    def load(
        self,
        identifiers: Iterable[str],
        profiles: Iterable[str],
        marks: Iterable[str] = (),
        *,
        with_attributes: bool = False,
        fresh: bool = False,
    ) -> LoadedProfiles:
        """Read pointers, states, marks and, if asked, attributes: one BatchGetItem per hundred of them."""
        parts = (state_rows.key, attribute_rows.key) if with_attributes else (state_rows.key,)
        keys = {
            identifier_rows.TABLE: [identifier_rows.key(name) for name in dict.fromkeys(identifiers)],
            state_rows.TABLE: [key(profile) for profile in dict.fromkeys(profiles) for key in parts],
            mark_rows.TABLE: [mark_rows.key(each) for each in dict.fromkeys(marks)],
        }
        rows = self._calls.read(
            {table: keys_of_table for table, keys_of_table in keys.items() if keys_of_table}, fresh=fresh
        )
        pointers = map(identifier_rows.from_item, rows.get(identifier_rows.TABLE, []))
        stored = rows.get(state_rows.TABLE, [])
        stored_states = [state_rows.from_item(item) for item in stored if state_rows.is_state(item)]
        attribute_parts = [attribute_rows.from_item(item) for item in stored if not state_rows.is_state(item)]
        marks_read = map(mark_rows.from_item, rows.get(mark_rows.TABLE, []))
        return LoadedProfiles(
            {pointer.identifier: pointer for pointer in pointers},
            {stored_state.profile: stored_state for stored_state in stored_states},
            {attributes.profile: attributes for attributes in attribute_parts},
            {mark.key: mark for mark in marks_read},
        )

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict if one leads to another profile already."""
        several = list({pointer.identifier: pointer for pointer in pointers}.values())
        if moving:
            self._calls.write(puts=[(identifier_rows.TABLE, identifier_rows.to_item(pointer)) for pointer in several])
        else:
            self._calls.each(self._point, several)

    def save_state(self, stored_state: StoredState) -> None:
        """Write the state if its version is still the stored one, as version + 1; raises Conflict."""
        save_version(self._calls, state_rows.TABLE, self._state(stored_state), stored_state.version)

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        """Write the attributes if their version is still the stored one, as version + 1.

        Raises Conflict otherwise.
        """
        save_version(self._calls, attribute_rows.TABLE, attribute_rows.to_item(attributes), attributes.version)

    def link(self, profile: str, links: Iterable[Link]) -> None:
        """Write names for which the profile's attributes have no room; one that is there already stays."""
        # Of an identifier with two times the earlier one is written last.
        several = {(link.kind, link.name): link for link in sorted(links, key=lambda link: -link.since)}
        self._calls.write(puts=[(link_rows.TABLE, link_rows.to_item(profile, link)) for link in several.values()])

    def links(self, profile: str) -> list[Link]:
        """The names that ``link`` has written for the profile."""
        rows = self._calls.query(link_rows.TABLE, link_rows.OF_PROFILE, link_rows.of_profile(profile))
        return list(map(link_rows.from_item, rows))

    def unlink(self, profile: str, links: Iterable[Link]) -> None:
        """Delete names that ``link`` has written for the profile, if they are there."""
        keys = {(link.kind, link.name): link_rows.key(profile, link) for link in links}
        self._calls.write(deletes=[(link_rows.TABLE, key) for key in keys.values()])

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        """Write the tombstone and the attributes in one transaction; raises Conflict if either has changed.

        Were the state written alone, a writer that read the attributes before could write them afterwards, to a profile
        that has ended, and its change would be lost. So both versions grow with the tombstone, or neither does.
        """
        state = versioned(self._state(stored_state), stored_state.version)
        attributes_row = versioned(attribute_rows.to_item(attributes), attributes.version)
        self._calls.put_together([(state_rows.TABLE, *state), (attribute_rows.TABLE, *attributes_row)])

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` is before the instant (seconds UTC), earliest first."""
        return due_rows(self._calls, state_rows.TABLE, state_rows.PART, shard, before)

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        """The first ``limit`` rows of the window behind ``after``, which need not exist any more; fewer at the end."""
        return due_page(self._calls, state_rows.TABLE, state_rows.PART, window, after, limit)

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        """The first page of each window, read side by side; None for one that could not be read."""
        return due_pages(self._calls, state_rows.TABLE, state_rows.PART, windows, limit)

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1, with_held: bool = False
    ) -> Iterator[tuple[list[StoredState], str | None]]:
        """Every live profile's state; a page reads ``size`` rows, including attributes and tombstones.

        A lane is one segment of DynamoDB's parallel scan. ``with_held`` adds an empty state for each held visitor.
        """
        place = None if start is None else state_rows.key_of_row(*json.loads(start))
        part = {"Limit": size, "Segment": lane, "TotalSegments": of}
        when = state_rows.LIVE_OR_HELD if with_held else state_rows.LIVE
        while True:
            items, place = self._calls.page(state_rows.TABLE, place, when, state_rows.LIVE_VALUES, **part)
            yield list(map(_state_of_row, items)), _mark(place)
            if not place:
                return

    def count(self) -> int:
        """The approximate number of profiles: half the rows that DynamoDB counts every six hours or so."""
        return self._calls.count(state_rows.TABLE) // 2

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        """Delete the profile with its links, and the identifiers' pointers."""
        self.unlink(profile, self.links(profile))
        deletes = [(state_rows.TABLE, state_rows.key(profile)), (attribute_rows.TABLE, attribute_rows.key(profile))]
        deletes += [(identifier_rows.TABLE, identifier_rows.key(name)) for name in dict.fromkeys(identifiers)]
        self._calls.write(deletes=deletes)

    @staticmethod
    def from_image(image: Mapping[str, Any]) -> StoredState:
        """Decode the state of an item, from the table or from its stream."""
        return state_rows.from_item(image)

    def _point(self, pointer: Pointer) -> None:
        condition, values = identifier_rows.LEADS_NOWHERE_ELSE, identifier_rows.leads_to(pointer.profile)
        self._calls.put(identifier_rows.TABLE, identifier_rows.to_item(pointer), condition, values)

    def _state(self, stored_state: StoredState) -> Item:
        return state_rows.to_item(stored_state, self._shards, self._cause())


def _state_of_row(item: Item) -> StoredState:
    if state_rows.is_state(item):
        return state_rows.from_item(item)
    return StoredState(attribute_rows.from_item(item).profile)


def _mark(place: Item | None) -> str | None:
    return json.dumps(state_rows.place(place)) if place else None
