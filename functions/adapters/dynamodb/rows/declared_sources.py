"""Rows of the table ``sources``: a source that the shop declares, as the function that takes its webhooks reads it.

pk  source   v  version   r  revision of the publication   b  body of the definition, packed; none if it was withdrawn

Texts, samples and authors are in the table ``definitions``, which that function cannot read. The row of a withdrawn
source stays: what its webhooks left in quarantine is found by its name.
"""

from collections.abc import Mapping
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Definition

TABLE = "sources"
KIND = "sources"
ID, VERSION, REVISION, PACKED = "pk", "v", "r", "b"


def to_item(definition: Definition) -> Item:
    """Encode the row of a published version."""
    item = {ID: text(definition.id), VERSION: number(definition.version), REVISION: number(definition.revision)}
    return item if definition.withdrawn else item | {PACKED: binary(pack(dict(definition.body)))}


def older(definition: Definition) -> tuple[str, Item]:
    """The condition, with its values, that what is stored is of an earlier publication."""
    return f"{ABSENT} OR #{REVISION} < :r", {":r": number(definition.revision)}


def from_item(item: Item) -> tuple[str, Mapping[str, Any] | None]:
    """Decode the source's id and its body, None of one that was withdrawn."""
    return string(item, ID), unpack(raw(item[PACKED])) if PACKED in item else None
