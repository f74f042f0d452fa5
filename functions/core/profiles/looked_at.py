"""Which of a person's partitions of the log are read: of each namespace the newest identifiers."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from functions.core.base.identity import NAMESPACES, is_strong, namespace
from functions.core.profiles.records import ProfileAttributes

# The most identifiers of one namespace whose partitions of the log are read, and the most orders: these hold refunds,
# and nobody but the storefront names them.
MOST_LOOKED_AT = 50
MOST_ORDERS_LOOKED_AT = 500


def lookable(attributes: ProfileAttributes) -> frozenset[str]:
    """The identifiers whose partitions of the log are read: of each namespace the newest.

    A namespace has MOST_LOOKED_AT at most, that of orders MOST_ORDERS_LOOKED_AT. Of addresses and accounts, those that
    can be written to come first. An identifier whose beginning is not known counts as old.
    """
    by_namespace: dict[str, list[str]] = defaultdict(list)
    for name in attributes.identifiers:
        by_namespace[namespace(name)].append(name)
    return frozenset(
        name for space, names in by_namespace.items() for name in _newest(attributes, names, _most_looked_at(space))
    )


def passed_over(attributes: ProfileAttributes) -> dict[str, tuple[int, int]]:
    """How many identifiers are looked at, and of how many, by namespace: of those that are not all looked at."""
    looked_at = Counter(map(namespace, lookable(attributes)))
    every = Counter(map(namespace, attributes.identifiers))
    return {space: (looked_at[space], count) for space, count in sorted(every.items()) if looked_at[space] < count}


def _most_looked_at(space: str) -> int:
    return MOST_ORDERS_LOOKED_AT if NAMESPACES[space].late else MOST_LOOKED_AT


def _newest(attributes: ProfileAttributes, names: Iterable[str], most: int) -> list[str]:
    def age(name: str) -> tuple[Any, ...]:
        naming = attributes.namings.get(name.partition(":")[2]) if is_strong(name) else None
        return tuple(naming) if naming else (-1,), attributes.since.get(name, 0), name

    return sorted(names, key=age, reverse=True)[:most]
