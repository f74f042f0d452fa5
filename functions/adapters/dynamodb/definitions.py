"""Versioned definitions in DynamoDB; their rows are ``rows/{definitions,catalogue}.py``'s."""

from collections.abc import Sequence
from dataclasses import replace

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.rows import current_versions
from functions.adapters.dynamodb.rows import definitions as rows
from functions.adapters.dynamodb.rows.current_versions import CurrentVersions
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Definition
from functions.core.timelines.versions import TimelineVersion


class DynamoDefinitions:
    """The versions of all definitions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def revision(self) -> int:
        """A number that grows with every publication; 0 before the first. Read by every invocation."""
        return current_versions.revision_of(self._calls.get(current_versions.TABLE, current_versions.KEY))

    def current(self) -> list[Definition]:
        """The current version of every definition, read consistently, in order of kind and id."""
        keys = [rows.key(kind, name, version) for (kind, name), version in self._catalogue().current.items()]
        items = self._calls.read({rows.TABLE: keys}, fresh=True)[rows.TABLE] if keys else []
        return sorted(map(rows.from_item, items), key=lambda definition: definition.address)

    def latest(self, kind: str, name: str) -> int:
        """The number of the current version, read consistently in one round trip; 0 if there is none."""
        return self._catalogue().current.get((kind, name), 0)

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version, current or not; None if there is none."""
        item = self._calls.get(rows.TABLE, rows.key(kind, name, version))
        return rows.from_item(item) if item else None

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, including withdrawals, oldest first.

        Read consistently. Each names the one that it replaced, so rows left by interrupted publications are skipped.
        """
        items = self._calls.query(rows.TABLE, rows.OF_DEFINITION, rows.of_definition(kind, name))
        stored = {definition.version: definition for definition in map(rows.from_item, items)}
        chain: list[Definition] = []
        version = self._catalogue().last.get((kind, name), 0)
        while (definition := stored.pop(version, None)) is not None:
            chain.append(definition)
            version = definition.replaces
        return chain[::-1]

    def publish(self, definition: Definition, *, revision: int | None = None) -> Definition:
        """Store the next version and make it current, or withdraw the definition if ``withdrawn``.

        Raises Conflict if another publication came in between, also since ``revision``, which the caller has read, or
        if the current version is not the one that ``replaces`` names. The new number is above every stored one, so a
        row left by an interrupted publication is skipped.
        """
        return self.publish_together([definition], revision=revision)[0]

    def publish_together(self, definitions: Sequence[Definition], *, revision: int | None = None) -> list[Definition]:
        """Store the next versions under one revision and make all current, or none.

        The rows are written first and count for nothing until the catalogue, one item, points at them: that one write
        publishes. Raises Conflict as ``publish`` does.
        """
        if not definitions:
            return []
        versions = self._catalogue()
        if revision not in (None, versions.revision):
            raise Conflict("definitions", "something was published meanwhile")
        published = self._calls.each(lambda each: self._next(each, versions), definitions)
        self._calls.each(lambda each: self._calls.put(rows.TABLE, rows.to_item(each), rows.NEW), published)
        following = versions.after(published)
        self._calls.put(
            current_versions.TABLE, current_versions.to_item(following), *current_versions.unchanged(versions.revision)
        )
        return published

    def _next(self, definition: Definition, current: CurrentVersions) -> Definition:
        """The definition as it is to be stored; raises Conflict unless it replaces the current version."""
        replaced = current.last.get(definition.address, 0)
        revision = current.revision + 1
        if definition.replaces not in (0, replaced):
            raise Conflict("definitions", "another version was published meanwhile")
        timelines = {
            address: TimelineVersion(retentions, since or revision)
            for address, (retentions, since) in definition.kept.items()
        }
        version = self._highest(definition) + 1
        return replace(definition, version=version, replaces=replaced, revision=revision, kept=timelines)

    def _highest(self, definition: Definition) -> int:
        where, values = rows.OF_DEFINITION, rows.of_definition(*definition.address)
        items = self._calls.query(rows.TABLE, where, values, ProjectionExpression=rows.NUMBERS_ALONE)
        return max(map(rows.number_of, items), default=0)

    def _catalogue(self) -> CurrentVersions:
        return current_versions.from_item(self._calls.get(current_versions.TABLE, current_versions.KEY))
