"""Versioned definitions in DynamoDB; their rows are ``rows/{definitions,current_versions,bundle_parts}.py``'s."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from functions.adapters.dynamodb import bundle
from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import bundle_parts, current_versions, declared_sources
from functions.adapters.dynamodb.rows import definitions as rows
from functions.adapters.dynamodb.rows.current_versions import BundleName, CurrentVersions
from functions.adapters.dynamodb.rows.declared_sources import DeclaredSource
from functions.adapters.dynamodb.values import Item
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Address, Definition, Published
from functions.core.timelines.versions import TimelineVersion

# What rings if functions have to read all definitions one by one.
UNBUNDLED = "RulesetsReadByDefinition"
# A bundle is kept for so long, and renewed every night while it is the current one. Those that were replaced, or whose
# publication was refused, go by themselves.
_KEPT = 30 * 86_400


class DynamoDefinitions:
    """The versions of all definitions; ``report`` counts readings without a bundle, with the reason."""

    def __init__(self, calls: Calls, report: Callable[..., None]) -> None:
        self._calls = calls
        self._report = report

    def revision(self) -> int:
        """A number that grows with every publication; 0 before the first."""
        return current_versions.revision_of(self._calls.get(current_versions.TABLE, current_versions.KEY))

    def published(self, etag: str = "") -> Published | None:
        """Everything that is current, for evaluating; None if it is what has this ETag.

        One row is read, and the bundle that it names if the ETag is another. A bundle that cannot be read is counted,
        and the versions that the same row names are read in its stead.
        """
        item = self._calls.get(current_versions.TABLE, current_versions.KEY)
        if (found := current_versions.etag_of(item)) == etag:
            return None
        versions = current_versions.from_item(item)
        return Published(found, versions.revision, self._for_evaluating(versions))

    def renew_bundle(self, now: int) -> None:
        """Write the current bundle again, to be kept from ``now`` (seconds UTC); what is published meanwhile has its
        own."""
        versions = self._catalogue()
        if not versions.current:
            return
        renewed = replace(versions, bundle=self._write_bundle(self._versions(versions.current), now))
        if renewed != versions:
            swallow(Conflict, lambda: self._point(renewed, versions.revision))

    def current(self) -> list[Definition]:
        """The current version of every definition, read consistently, in order of kind and id."""
        return self._versions(self._catalogue().current)

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
        named = self._write_bundle(self._following(versions, published), max(each.time for each in published))
        sources = [declared_sources.of(each) for each in published if each.kind == declared_sources.KIND]
        self._point(replace(following, bundle=named), versions.revision, sources)
        return published

    def _point(self, versions: CurrentVersions, seen: int, sources: Sequence[DeclaredSource] = ()) -> None:
        """Make these versions the current ones; raises Conflict unless ``seen`` is still the latest revision.

        What takes webhooks reads of all definitions only those of ``sources``, in a table of their own: they change
        with what is current, in one transaction, or not at all.
        """
        catalogue = (current_versions.TABLE, current_versions.to_item(versions), *current_versions.unchanged(seen))
        if not sources:
            self._calls.put(*catalogue)
            return
        table, item, older = declared_sources.TABLE, declared_sources.to_item, declared_sources.older
        self._calls.put_together([catalogue, *((table, item(each), *older(each)) for each in sources)])

    def _for_evaluating(self, versions: CurrentVersions) -> list[Definition]:
        """The current definitions without texts and authors, out of their bundle if it can be read."""
        if not versions.current:
            return []
        try:
            if versions.bundle is None:
                raise bundle.Unusable("none")
            return self._bundled(versions.bundle)
        except bundle.Unusable as error:
            self._report({UNBUNDLED: 1}, bundle=error.reason)
            return [replace(each, text="", author="") for each in self._versions(versions.current)]

    def _bundled(self, name: BundleName) -> list[Definition]:
        """The definitions of this bundle. Raises bundle.Unusable."""
        bundle.check(name)
        keys = [bundle_parts.key(name.digest, part) for part in range(name.parts)]
        items: list[Item] = []
        # A row that never changes is either there or not: most readers need not pay for consistency.
        for fresh in (False, True):
            if len(items) < len(keys):
                items = self._calls.read({bundle_parts.TABLE: keys}, fresh=fresh)[bundle_parts.TABLE]
        return bundle.read(name, list(map(bundle_parts.from_item, items)))

    def _following(self, before: CurrentVersions, published: Iterable[Definition]) -> Iterable[Definition]:
        """What is current after these are published."""
        definitions = {each.address: each for each in self._for_evaluating(before)}
        definitions |= {each.address: each for each in published}
        return (each for each in definitions.values() if not each.withdrawn)

    def _write_bundle(self, definitions: Iterable[Definition], now: int) -> BundleName:
        """Write the bundle of these definitions, which nobody reads before the catalogue names it."""
        in_order = sorted(definitions, key=lambda each: each.address)
        name, parts = bundle.write(in_order, now + _KEPT)
        self._calls.write([(bundle_parts.TABLE, bundle_parts.to_item(part)) for part in parts])
        return name

    def _versions(self, versions: Mapping[Address, int]) -> list[Definition]:
        """These versions, read consistently, in order of kind and id."""
        keys = [rows.key(*address, version) for address, version in versions.items()]
        items = self._calls.read({rows.TABLE: keys}, fresh=True)[rows.TABLE] if keys else []
        return sorted(map(rows.from_item, items), key=lambda definition: definition.address)

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
