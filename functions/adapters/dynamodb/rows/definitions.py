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

from collections.abc import Mapping
from typing import Any, TypedDict

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Body, Definition, EntryOnPublish
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


class _Content(TypedDict):
    body: Body
    entry_on_publish: EntryOnPublish | None
    kept: dict[str, TimelineVersion]
    resumed: int
    withdrawn: bool


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
    content = {TEXT: definition.text, **content_of(definition)}
    return key(definition.kind, definition.id, definition.version) | {
        PACKED: binary(pack(content)),
        AUTHOR: text(definition.author),
        TIME: number(definition.time),
        REPLACES: number(definition.replaces),
        REVISION: number(definition.revision),
    }


def from_item(item: Item) -> Definition:
    """Decode the version of a row."""
    kind, _, name = string(item, ADDRESS).partition("#")
    content, version = unpack(raw(item[PACKED])), number_of(item)
    return Definition(
        kind=kind,
        id=name,
        version=version,
        text=content[TEXT],
        author=string(item, AUTHOR),
        time=integer(item, TIME),
        # Rows of before the attribute was written.
        replaces=integer(item, REPLACES, version - 1),
        revision=integer(item, REVISION),
        **fields_of(content),
    )


def content_of(definition: Definition) -> dict[str, Any]:
    """What a version consists of without its text, as a JSON value; ``fields_of`` restores it."""
    content: dict[str, Any] = {BODY: definition.body, KEPT: _plain(definition.kept)}
    if definition.entry_on_publish is not None:
        content[ENTRY_ON_PUBLISH] = {BEFORE: definition.entry_on_publish.before}
    if definition.resumed:
        content[RESUMED] = definition.resumed
    if definition.withdrawn:
        content[WITHDRAWN] = True
    return content


def fields_of(content: Mapping[str, Any]) -> _Content:
    """The fields of a Definition that ``content_of`` has encoded."""
    return {
        "body": content[BODY],
        "entry_on_publish": EntryOnPublish(content[ENTRY_ON_PUBLISH][BEFORE]) if ENTRY_ON_PUBLISH in content else None,
        "kept": _kept(content.get(KEPT, {})),
        "resumed": content.get(RESUMED, 0),
        "withdrawn": content.get(WITHDRAWN, False),
    }


def _address(kind: str, name: str) -> str:
    return f"{kind}#{name}"


def _plain(versions: TimelineVersions) -> dict[str, Any]:
    return {address: [[list(each) for each in retentions], since] for address, (retentions, since) in versions.items()}


def _kept(plain: dict[str, Any]) -> dict[str, TimelineVersion]:
    return {
        address: TimelineVersion(tuple(Retention(*each) for each in retentions), since)
        for address, (retentions, since) in plain.items()
    }
