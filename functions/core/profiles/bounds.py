"""What is kept and read of one person at most, whoever sends it.

A profile's attributes are one row of DynamoDB, which holds 400 KB: one that grows beyond that could never be written
again. Whatever is not kept here stays in the log.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from functions.core.base.identity import NAMESPACES, is_strong, namespace
from functions.core.profiles.records import ProfileAttributes, Trait

# The most traits of a person, and the most bytes of one with its name (UTF-8): together 200 KB.
MOST_TRAITS = 100
MOST_TRAIT_BYTES = 2_000
# The most identifiers of one namespace whose partitions of the log are read, and the most orders: these hold refunds,
# and nobody but the storefront names them.
MOST_LOOKED_AT = 50
MOST_ORDERS_LOOKED_AT = 500


def fits(name: str, value: Any) -> bool:
    """True if the trait is short enough to be kept."""
    return _bytes(name) + _bytes(value) <= MOST_TRAIT_BYTES


def _bytes(value: Any) -> int:
    """About how many bytes a JSON value takes at most; every one of them counts, however it is nested."""
    waiting, size = [value], 0
    while waiting and size <= MOST_TRAIT_BYTES:
        each = waiting.pop()
        size += 2
        if isinstance(each, Mapping):
            waiting += [part for pair in each.items() for part in pair]
        elif isinstance(each, list | tuple):
            waiting += each
        else:
            # JSON escapes a control character with six.
            text = str(each)
            size += len(text.encode("utf-8", "surrogatepass")) + sum(
                6 for letter in text if letter < " " or letter in '"\\'
            )
    return size


def weightiest(traits: dict[str, Trait], weight: Callable[[Trait], tuple[Any, ...]]) -> dict[str, Trait]:
    """The traits that are kept: those of the greatest weight, which begins with the trust of who stated them.

    The weight of a name only grows, and what others of greater weight displaced stays displaced, so the result is the
    same for any order of events. The public displaces nothing that somebody trusted stated.
    """
    if len(traits) <= MOST_TRAITS:
        return traits
    ordered = sorted(traits, key=lambda name: (weight(traits[name]), name), reverse=True)
    return {name: traits[name] for name in ordered[:MOST_TRAITS]}


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
