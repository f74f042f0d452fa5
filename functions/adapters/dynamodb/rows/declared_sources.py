"""Rows of the table ``sources``: a source that the shop declares, as the function that takes its webhooks reads it.

pk  source   v  version   r  revision of the publication   b  body of the definition, packed; none if it was withdrawn

Texts, samples and authors are in the table ``definitions``, which that function cannot read. The row of a withdrawn
source stays: what its webhooks left in quarantine is found by its name.
"""

from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Body, Definition

TABLE = "sources"
KIND = "sources"
ID, VERSION, REVISION, PACKED = "pk", "v", "r", "b"


class DeclaredSource(NamedTuple):
    """What was last published of a source; without a body it was withdrawn."""

    id: str
    version: int
    revision: int
    body: Body | None


def of(definition: Definition) -> DeclaredSource:
    """The row's record of a published version."""
    body = None if definition.withdrawn else definition.body
    return DeclaredSource(definition.id, definition.version, definition.revision, body)


def to_item(source: DeclaredSource) -> Item:
    """Encode the row of a source."""
    item = {ID: text(source.id), VERSION: number(source.version), REVISION: number(source.revision)}
    return item if source.body is None else item | {PACKED: binary(pack(dict(source.body)))}


def from_item(item: Item) -> DeclaredSource:
    """Decode the row of a source."""
    body = unpack(raw(item[PACKED])) if PACKED in item else None
    return DeclaredSource(string(item, ID), integer(item, VERSION), integer(item, REVISION), body)


def older(source: DeclaredSource) -> tuple[str, Item]:
    """The condition, with its values, that what is stored is of an earlier publication."""
    return f"{ABSENT} OR #{REVISION} < :r", {":r": number(source.revision)}
