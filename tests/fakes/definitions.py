"""Versioned definitions."""

from collections.abc import Sequence
from dataclasses import replace

from functions.core.base.errors import Conflict
from functions.core.definitions.records import Definition, Published
from functions.core.timelines.versions import TimelineVersion


class FakeDefinitions:
    """Every version of everything, oldest first; ``publications`` is the latest revision."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[Definition]] = {}
        self.publications = 0

    def revision(self) -> int:
        return self.publications

    def published(self, etag: str = "") -> Published | None:
        if etag == str(self.publications):
            return None
        plain = [replace(each, text="", author="") for each in self.current()]
        return Published(str(self.publications), self.publications, plain)

    def renew_bundle(self, now: int) -> None:
        """Nothing is stored twice here."""

    def current(self) -> list[Definition]:
        return [versions[-1] for _, versions in sorted(self.rows.items()) if not versions[-1].withdrawn]

    def latest(self, kind: str, name: str) -> int:
        found = self.versions(kind, name)
        return found[-1].version if found and not found[-1].withdrawn else 0

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        return next((each for each in self.versions(kind, name) if each.version == version), None)

    def versions(self, kind: str, name: str) -> list[Definition]:
        return list(self.rows.get((kind, name), ()))

    def publish(self, definition: Definition, *, revision: int | None = None) -> Definition:
        return self.publish_together([definition], revision=revision)[0]

    def publish_together(self, definitions: Sequence[Definition], *, revision: int | None = None) -> list[Definition]:
        if not definitions:
            return []
        if revision not in (None, self.publications):
            raise Conflict("definitions")
        published = [self._next(definition) for definition in definitions]
        for each in published:
            self.rows.setdefault((each.kind, each.id), []).append(each)
        self.publications += 1
        return published

    def _next(self, definition: Definition) -> Definition:
        versions = self.versions(definition.kind, definition.id)
        replaced = versions[-1].version if versions else 0
        if definition.replaces not in (0, replaced):
            raise Conflict("definitions")
        revision = self.publications + 1
        kept = {address: TimelineVersion(asks, since or revision) for address, (asks, since) in definition.kept.items()}
        return replace(definition, version=replaced + 1, replaces=replaced, revision=revision, kept=kept)
