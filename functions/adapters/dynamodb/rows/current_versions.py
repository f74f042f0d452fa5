"""The row of the table ``definitions`` that holds which versions are current.

pk       "catalogue"
version  "current"
r        revision: grows by one with every publication
b        current versions, [[kind, id, version] …], packed
w        last versions of what was withdrawn, likewise
d, n, f  the bundle of what is current: its digest, the number of its parts, the format of its content

A row holds 400 KB: the versions of ten thousand definitions take a quarter of that. A release of before it knew bundles
writes the row without naming one, so what it publishes is never read from an older bundle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, Value, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.definitions.records import Definition

TABLE = "definitions"
REVISION, CURRENT, WITHDRAWN = "r", "b", "w"
DIGEST, PARTS, FORMAT = "d", "n", "f"
KEY: Item = {"pk": text("catalogue"), "version": text("current")}

# Publishing is this one write: nobody reads the rows of the new versions before this row points at them. Of two
# publications at once both read the same revision, and each would leave out what the other one published. The first
# raises the revision; the second is refused and reads again. As no row of versions ever changes, the revision stands
# for everything that was read.
_UNCHANGED = f"#{REVISION} = :r"

Address = tuple[str, str]


class BundleName(NamedTuple):
    """The name of a bundle: a digest of its content, the number of its parts, and the format of the content."""

    digest: str
    parts: int
    format: int


@dataclass(frozen=True, slots=True)
class CurrentVersions:
    """The current version's number by kind and id, and the last version's number of withdrawn definitions.

    ``bundle`` names the bundle of the current versions; None if whoever published them has written none.
    """

    revision: int = 0
    current: Mapping[Address, int] = field(default_factory=dict)
    withdrawn: Mapping[Address, int] = field(default_factory=dict)
    bundle: BundleName | None = None

    @property
    def last(self) -> Mapping[Address, int]:
        """The number of each definition's last version, withdrawn or not."""
        return {**self.withdrawn, **self.current}

    def after(self, published: Iterable[Definition]) -> "CurrentVersions":
        """The versions that are current after these were published together; they name no bundle."""
        current, withdrawn = dict(self.current), dict(self.withdrawn)
        for each in published:
            for version in (current, withdrawn):
                version.pop(each.address, None)
            (withdrawn if each.withdrawn else current)[each.kind, each.id] = each.version
        return CurrentVersions(self.revision + 1, current, withdrawn)


def revision_of(item: Item | None) -> int:
    """The row's revision, without unpacking its lists; 0 before the first publication."""
    return integer(item or {}, REVISION)


def etag_of(item: Item | None) -> str:
    """What differs whenever something else is current, or its bundle is another."""
    return f"{revision_of(item)}:{string(item or {}, DIGEST)}"


def unchanged(revision: int) -> tuple[str, Item | None]:
    """The condition that this revision is still stored, with its values; 0 means that no row is stored."""
    return (_UNCHANGED, {":r": number(revision)}) if revision else (ABSENT, None)


def to_item(versions: CurrentVersions) -> Item:
    """Encode the row of current versions."""
    item = KEY | {REVISION: number(versions.revision), CURRENT: _packed(versions.current)}
    if versions.withdrawn:
        item[WITHDRAWN] = _packed(versions.withdrawn)
    if versions.bundle is not None:
        digest, parts, form = versions.bundle
        item |= {DIGEST: text(digest), PARTS: number(parts), FORMAT: number(form)}
    return item


def from_item(item: Item | None) -> CurrentVersions:
    """Decode the row of current versions; without a row nothing is current yet."""
    if item is None:
        return CurrentVersions()
    bundle = BundleName(string(item, DIGEST), integer(item, PARTS), integer(item, FORMAT)) if DIGEST in item else None
    return CurrentVersions(revision_of(item), _unpacked(item, CURRENT), _unpacked(item, WITHDRAWN), bundle)


def _packed(versions: Mapping[Address, int]) -> Value:
    return binary(pack([[kind, name, version] for (kind, name), version in sorted(versions.items())]))


def _unpacked(item: Item, name: str) -> dict[Address, int]:
    return {(kind, each): version for kind, each, version in unpack(raw(item[name]))} if name in item else {}
