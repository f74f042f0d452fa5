"""Definitions in DynamoDB: every version a row of its own, and one catalogue row that says which are current.

kind#id     version   b text, body and wish, packed   a author   t time   o version it replaces   r revision
catalogue   current   r revision                b [[kind, id, version] …], packed   w the same of what was withdrawn

A withdrawn definition has a last version of its own, without text, which goes on counting if it is published again.
A row holds 400 KB: the catalogue of ten thousand definitions takes a quarter of that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT, Calls
from functions.adapters.dynamodb.values import Item, Value, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Definition, EntryOnPublish
from functions.core.timelines.retention import Retention
from functions.core.timelines.versions import Kept

_Versions = dict[tuple[str, str], int]
_CATALOGUE = {"pk": text("catalogue"), "version": text("current")}


class DynamoDefinitions:
    """Versioned definitions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def revision(self) -> int:
        """A number that grows with every publication; 0 before the first.

        Every invocation asks for it, so the lists beside it stay packed.
        """
        return integer(self._calls.get("definitions", _CATALOGUE) or {}, "r")

    def current(self) -> list[Definition]:
        """The current version of every definition, read strongly, in order of kind and id."""
        _, versions, _ = self._catalogue()
        if not versions:
            return []
        keys = [_key(kind, name, version) for (kind, name), version in versions.items()]
        items = self._calls.read({"definitions": keys}, fresh=True)["definitions"]
        return sorted(map(_definition, items), key=lambda found: (found.kind, found.id))

    def latest(self, kind: str, name: str) -> int:
        """The number of the current version, read strongly in one round trip; 0 if there is none."""
        return self._catalogue()[1].get((kind, name), 0)

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version, current or not."""
        item = self._calls.get("definitions", _key(kind, name, version))
        return _definition(item) if item else None

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, withdrawals among them, oldest first; read strongly.

        Each names the one that it replaced, so that rows left by publications that broke off are passed over.
        """
        rows = self._calls.query("definitions", "#pk = :pk", {":pk": text(f"{kind}#{name}")})
        stored = {found.version: found for found in map(_definition, rows)}
        chain: list[Definition] = []
        _, versions, gone = self._catalogue()
        version = (gone | versions).get((kind, name), 0)
        while (found := stored.pop(version, None)) is not None:
            chain.append(found)
            version = found.replaces
        return chain[::-1]

    def publish(self, definition: Definition, *, seen: int | None = None) -> Definition:
        """Store the next version and make it current, or the definition gone if it is ``withdrawn``.

        Raises Conflict when another publication came between, also since the revision that was ``seen``, or when the
        version that is current is not the one that ``replaces`` names. The version goes above every stored one, so that
        a row left by a publication that broke off is passed over.
        """
        return self.publish_together([definition], seen=seen)[0]

    def publish_together(self, definitions: Sequence[Definition], *, seen: int | None = None) -> list[Definition]:
        """Store the next version of each under one revision, and make all of them current or none.

        The rows come first and are nobody's until the catalogue, one item, points at them: that is the one write that
        publishes. Raises Conflict as ``publish`` does.
        """
        if not definitions:
            return []
        revision, versions, gone = self._catalogue()
        if seen not in (None, revision):
            raise Conflict("definitions", "something was published meanwhile")
        published = self._calls.each(lambda each: self._next(each, revision, gone | versions), definitions)
        self._calls.each(lambda each: self._calls.put("definitions", _item(each), ABSENT), published)
        for each in published:
            for latest in (versions, gone):
                latest.pop((each.kind, each.id), None)
            (gone if each.withdrawn else versions)[each.kind, each.id] = each.version
        self._point(revision, versions, gone)
        return published

    def _next(self, definition: Definition, revision: int, latest: Mapping[tuple[str, str], int]) -> Definition:
        """The definition as it is to be stored. Raises Conflict unless it replaces what is there."""
        replaced = latest.get((definition.kind, definition.id), 0)
        if definition.replaces not in (0, replaced):
            raise Conflict("definitions", "another version was published meanwhile")
        kept = {
            address: Kept(retentions, since or revision + 1) for address, (retentions, since) in definition.kept.items()
        }
        version = self._highest(definition) + 1
        return replace(definition, version=version, replaces=replaced, revision=revision + 1, kept=kept)

    def _highest(self, definition: Definition) -> int:
        where, values = "#pk = :pk", {":pk": text(f"{definition.kind}#{definition.id}")}
        rows = self._calls.query("definitions", where, values, ProjectionExpression="#version")
        return max((int(row["version"]["S"]) for row in rows), default=0)

    def _catalogue(self) -> tuple[int, _Versions, _Versions]:
        """The revision, the current versions, and the last ones of what was withdrawn."""
        item = self._calls.get("definitions", _CATALOGUE)
        if not item:
            return 0, {}, {}
        return integer(item, "r"), _versions(item, "b"), _versions(item, "w")

    def _point(self, revision: int, versions: _Versions, gone: _Versions) -> None:
        item = _CATALOGUE | {"r": number(revision + 1), "b": _rows(versions)} | ({"w": _rows(gone)} if gone else {})
        if revision:
            self._calls.put("definitions", item, "#r = :r", {":r": number(revision)})
        else:
            self._calls.put("definitions", item, ABSENT)


def _versions(item: Item, name: str) -> _Versions:
    return {(kind, each): version for kind, each, version in unpack(raw(item[name]))} if name in item else {}


def _rows(versions: _Versions) -> Value:
    return binary(pack([[kind, name, version] for (kind, name), version in sorted(versions.items())]))


def _key(kind: str, name: str, version: int) -> Item:
    return {"pk": text(f"{kind}#{name}"), "version": text(f"{version:010d}")}


def _item(definition: Definition) -> Item:
    kept = {
        address: [[list(retention) for retention in retentions], since]
        for address, (retentions, since) in definition.kept.items()
    }
    body: dict[str, Any] = {"text": definition.text, "body": definition.body, "kept": kept}
    if definition.entry_on_publish is not None:
        body["wish"] = {"before": definition.entry_on_publish.before}
    if definition.resumed:
        body["resumed"] = definition.resumed
    if definition.withdrawn:
        body["withdrawn"] = True
    return _key(definition.kind, definition.id, definition.version) | {
        "b": binary(pack(body)),
        "a": text(definition.author),
        "t": number(definition.time),
        "o": number(definition.replaces),
        "r": number(definition.revision),
    }


def _definition(item: Item) -> Definition:
    kind, _, name = string(item, "pk").partition("#")
    stored, version = unpack(raw(item["b"])), int(string(item, "version"))
    return Definition(
        kind=kind,
        id=name,
        version=version,
        text=stored["text"],
        body=stored["body"],
        author=string(item, "a"),
        time=integer(item, "t"),
        # Rows of before the attribute was written.
        replaces=integer(item, "o", version - 1),
        revision=integer(item, "r"),
        entry_on_publish=EntryOnPublish(**stored["wish"]) if "wish" in stored else None,
        kept={
            address: Kept(tuple(Retention(*retention) for retention in retentions), since)
            for address, (retentions, since) in stored.get("kept", {}).items()
        },
        resumed=stored.get("resumed", 0),
        withdrawn=stored.get("withdrawn", False),
    )
