"""The bundle: all current definitions as one packed value, which is what functions read after a publication.

It leaves out texts and authors, of which evaluation asks nothing. Its name is a digest of its content, so whoever reads
it knows whether it is whole, and whether it is that of the versions which the catalogue names.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from functions.adapters.dynamodb.rows import definitions as rows
from functions.adapters.dynamodb.rows.bundle_parts import BundlePart
from functions.adapters.dynamodb.rows.current_versions import BundleName
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Definition

# Of the content: a release that changes what one consists of writes the next number, and those before it read the
# definitions one by one instead.
FORMAT = 1
# A part is read in 4 KB steps, so small ones cost no more together; a thousand definitions make one or two.
PART_BYTES = 64 * 1024


class Unusable(Exception):
    """The bundle cannot be read; ``reason`` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write(definitions: Iterable[Definition], expires: int) -> tuple[BundleName, list[BundlePart]]:
    """The bundle of these definitions: its name and its parts, which may be deleted at ``expires`` (seconds UTC)."""
    content = pack([_plain(each) for each in definitions])
    digest = digest_of(content)
    contents = [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
    parts = [BundlePart(digest, number, part, expires) for number, part in enumerate(contents)]
    return BundleName(digest, len(parts), FORMAT), parts


def digest_of(content: bytes) -> str:
    """The name of this content: 32 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:32]


def check(name: BundleName) -> None:
    """Raise Unusable if the bundle of this name is of another format."""
    if name.format != FORMAT:
        raise Unusable("format")


def read(name: BundleName, parts: Sequence[BundlePart]) -> list[Definition]:
    """The definitions of the bundle of this name, without texts and authors; raises Unusable."""
    if len(parts) != name.parts:
        raise Unusable("missing")
    content = b"".join(part.content for part in sorted(parts, key=lambda part: part.number))
    if digest_of(content) != name.digest:
        raise Unusable("damaged")
    try:
        return [_definition(head, each) for *head, each in unpack(content)]
    except (ValueError, LookupError, TypeError, zlib.error):
        # Whole, but of a writer that forgot to change the number of the format.
        raise Unusable("format") from None


def _plain(each: Definition) -> list[object]:
    return [each.kind, each.id, each.version, each.time, each.replaces, each.revision, rows.content_of(each)]


def _definition(head: Sequence[Any], content: Mapping[str, Any]) -> Definition:
    kind, name, version, time, replaces, revision = head
    return Definition(
        kind=kind,
        id=name,
        version=version,
        text="",
        author="",
        time=time,
        replaces=replaces,
        revision=revision,
        **rows.fields_of(content),
    )
