"""Profiles and the identifiers that lead to them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from functions.core.base.errors import Conflict
from functions.core.flows.records import Due, DueWindow
from functions.core.profiles.records import Link, LoadedProfiles, Pointer, ProfileAttributes, StoredState
from tests.fakes.erasures import FakeErasures
from tests.fakes.pages import due_page, share
from tests.fakes.versions import next_version


class FakePeople:
    """Profiles and pointers; ``stream`` holds each state before and after its write until somebody takes it."""

    def __init__(self, shards: int = 1, erasures: FakeErasures | None = None) -> None:
        self.erasures = erasures or FakeErasures()
        self.pointers: dict[str, Pointer] = {}
        self.states: dict[str, StoredState] = {}
        self.attributes: dict[str, ProfileAttributes] = {}
        self.stream: deque[tuple[StoredState | None, StoredState]] = deque()
        self._shards = shards
        self._links: dict[str, dict[tuple[str, str], Link]] = {}

    def load(
        self,
        identifiers: Iterable[str],
        profiles: Iterable[str],
        marks: Iterable[str] = (),
        *,
        with_attributes: bool = False,
        fresh: bool = False,
    ) -> LoadedProfiles:
        names, ids = list(identifiers), list(profiles)
        return LoadedProfiles(
            {name: self.pointers[name] for name in names if name in self.pointers},
            {profile: self.states[profile] for profile in ids if profile in self.states},
            {profile: self.attributes[profile] for profile in ids if with_attributes and profile in self.attributes},
            {each: self.erasures.marks[each] for each in marks if each in self.erasures.marks},
        )

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        several = {pointer.identifier: pointer for pointer in pointers}
        refused = [] if moving else [pointer for pointer in several.values() if self._leads_elsewhere(pointer)]
        self.pointers |= {name: pointer for name, pointer in several.items() if pointer not in refused}
        if refused:
            raise Conflict("point")

    def save_state(self, stored_state: StoredState) -> None:
        before = self.states.get(stored_state.profile)
        after = stored_state._replace(
            version=next_version(before, stored_state),
            due=None if stored_state.merged_into else stored_state.due,
        )
        self.states[stored_state.profile] = after._replace(notify=False)
        self.stream.append((before, after))

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        version = next_version(self.attributes.get(attributes.profile), attributes)
        self.attributes[attributes.profile] = replace(attributes, version=version, leaving=frozenset())

    def link(self, profile: str, links: Iterable[Link]) -> None:
        for link in sorted(links, key=lambda link: -link.since):
            self._links.setdefault(profile, {})[link.kind, link.name] = link

    def links(self, profile: str) -> list[Link]:
        return sorted(self._links.get(profile, {}).values())

    def unlink(self, profile: str, links: Iterable[Link]) -> None:
        for link in links:
            self._links.get(profile, {}).pop((link.kind, link.name), None)

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        next_version(self.states.get(stored_state.profile), stored_state)
        self.save_attributes(attributes)
        self.save_state(stored_state)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        waking = [(state.due, state.profile) for state in self.states.values() if state.due is not None]
        rows = [Due(profile, "state", due) for due, profile in waking if due < before]
        rows = [row for row in rows if share(row.profile, self._shards) == shard]
        return iter(sorted(rows, key=lambda row: row.due))

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        return due_page(self.due(window.shard, window.until), window, after, limit)

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        return [self.due_page(window, None, limit) for window in windows]

    def earliest(self) -> int | None:
        """When the next profile is due."""
        return min((state.due for state in self.states.values() if state.due is not None), default=None)

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1, with_held: bool = False
    ) -> Iterator[tuple[list[StoredState], str | None]]:
        while True:
            held = {each.profile: StoredState(each.profile) for each in self.attributes.values() if each.held}
            everybody = {**(held if with_held else {}), **self.states}
            ids = sorted(profile for profile in everybody if share(profile, of) == lane)
            begin = 0 if start is None else bisect_right(ids, start)
            found = ids[begin : begin + size]
            start = found[-1] if begin + size < len(ids) else None
            yield [everybody[profile] for profile in found if not everybody[profile].merged_into], start
            if start is None:
                return

    def count(self) -> int:
        return len(self.states)

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        self.states.pop(profile, None)
        self.attributes.pop(profile, None)
        self._links.pop(profile, None)
        for name in identifiers:
            self.pointers.pop(name, None)

    def _leads_elsewhere(self, pointer: Pointer) -> bool:
        stored = self.pointers.get(pointer.identifier)
        return stored is not None and stored.profile != pointer.profile
