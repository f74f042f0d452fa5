"""Rows of the table ``definitions``: one version of a definition.

pk       kind#id
version  ten digits
a        author     t  time
o        version that it replaces
r        revision of its publication
b        the rest, packed: text, body, kept (what it asks of timelines: [[retention …], since] by address),
         wish (of EntryOnPublish: before), resumed, withdrawn

A withdrawn definition has a last version of its own, without text, which goes on counting if it is published again.
The one row of ``current_versions.py`` holds which version is current.
"""

from typing import Any

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Definition, EntryOnPublish
from functions.core.timelines.retention import Retention
from functions.core.timelines.versions import TimelineVersion, TimelineVersions

TABLE = "definitions"
ADDRESS, VERSION, AUTHOR, TIME, REPLACES, REVISION, PACKED = "pk", "version", "a", "t", "o", "r", "b"
TEXT, BODY, KEPT, RESUMED, WITHDRAWN = "text", "body", "kept", "resumed", "withdrawn"
ENTRY_ON_PUBLISH, BEFORE = "wish", "before"

# Two publications that read the same highest version would both write the next one, and the current version of one
# would have the text of the other. Each writes a row of its own, or is refused.
NEW = ABSENT

OF_DEFINITION = f"#{ADDRESS} = :pk"
NUMBERS_ALONE = f"#{VERSION}"


def key(kind: str, name: str, version: int) -> Item:
    """The key of a version's row."""
    return {ADDRESS: text(_address(kind, name)), VERSION: text(f"{version:010d}")}


def of_definition(kind: str, name: str) -> Item:
    """The placeholder values of the key condition ``OF_DEFINITION``."""
    return {":pk": text(_address(kind, name))}


def number_of(item: Item) -> int:
    """The version number in a row's key."""
    return int(string(item, VERSION))


def to_item(definition: Definition) -> Item:
    """Encode the row of a version."""
    body: dict[str, Any] = {TEXT: definition.text, BODY: definition.body, KEPT: _plain(definition.kept)}
    if definition.entry_on_publish is not None:
        body[ENTRY_ON_PUBLISH] = {BEFORE: definition.entry_on_publish.before}
    if definition.resumed:
        body[RESUMED] = definition.resumed
    if definition.withdrawn:
        body[WITHDRAWN] = True
    return key(definition.kind, definition.id, definition.version) | {
        PACKED: binary(pack(body)),
        AUTHOR: text(definition.author),
        TIME: number(definition.time),
        REPLACES: number(definition.replaces),
        REVISION: number(definition.revision),
    }


def from_item(item: Item) -> Definition:
    """Decode the version of a row."""
    kind, _, name = string(item, ADDRESS).partition("#")
    body, version = unpack(raw(item[PACKED])), number_of(item)
    return Definition(
        kind=kind,
        id=name,
        version=version,
        text=body[TEXT],
        body=body[BODY],
        author=string(item, AUTHOR),
        time=integer(item, TIME),
        # Rows of before the attribute was written.
        replaces=integer(item, REPLACES, version - 1),
        revision=integer(item, REVISION),
        entry_on_publish=EntryOnPublish(body[ENTRY_ON_PUBLISH][BEFORE]) if ENTRY_ON_PUBLISH in body else None,
        kept=_kept(body.get(KEPT, {})),
        resumed=body.get(RESUMED, 0),
        withdrawn=body.get(WITHDRAWN, False),
    )


def _address(kind: str, name: str) -> str:
    return f"{kind}#{name}"


def _plain(versions: TimelineVersions) -> dict[str, Any]:
    return {address: [[list(each) for each in retentions], since] for address, (retentions, since) in versions.items()}


def _kept(plain: dict[str, Any]) -> dict[str, TimelineVersion]:
    return {
        address: TimelineVersion(tuple(Retention(*each) for each in retentions), since)
        for address, (retentions, since) in plain.items()
    }
