"""Identifiers of people: their namespaces, their normalisation, and the profile id that is derived from one.

An identifier is ``namespace:value``; docstrings also call it a name. Strong namespaces name one person (an account, an
address); weak ones name a device or a cart, which two people may share. ``profiles/grouping.py`` joins identifiers to
people.

A public message proves nothing about the account that it names. Its visitor has the weak name
``visitor:<digest of the device>/<user id>`` instead: one account, claimed on one device. Two visitors who claim one
account stay two, and a visitor is that account's person once a trusted event has named the device with the account.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

# Begin (inclusive) and end (exclusive; None for no end), seconds UTC.
Span = tuple[int, int | None]

# What stands where bytes or half a surrogate pair could not be read (Unicode's replacement character).
REPLACED = "\ufffd"
NOBODY = frozenset(
    {"", "0", "-1", "null", "none", "nil", "nan", "undefined", "unknown", "anonymous", "guest", "n/a", "na", "false",
     "true", "[object object]", "not_set", "(not set)"}
)  # fmt: skip


def _as_it_is(text: str) -> str | None:
    return text


def _address(text: str) -> str | None:
    """The e-mail address in lower case; None if the text is not an address."""
    text = text.lower()
    fits = text.count("@") == 1 and not text.startswith("@") and not text.endswith("@")
    return text if fits and not any(map(str.isspace, text)) else None


class Namespace(NamedTuple):
    """One kind of identifier.

    name       the part before the colon
    strong     True if a value names one person; else it names a device or a cart, which two people may share
    account    True if two different values are two accounts, hence two people, whatever address or device they share
    normalise  returns a value in its stored form; None for a value that cannot be right
    late       True if its partition of the log holds only events that come long after the person's other identifiers
               are known
    """

    name: str
    strong: bool = False
    account: bool = False
    normalise: Callable[[str], str | None] = _as_it_is
    late: bool = False


VISITOR = "visitor"
# The account namespace that a visitor claims.
_CLAIMED = "user_id"

# Bytes of an identifier: partition keys of DynamoDB have 2,048 at most.
NAME_BYTES = 512
# The strongest first: an event lies in the log under its first identifier in this order. The record of a source lists
# the namespaces that it uses.
NAMESPACES: Mapping[str, Namespace] = {
    each.name: each
    for each in (
        Namespace("email", strong=True, normalise=_address),
        Namespace("user_id", strong=True, account=True),
        Namespace("shopify", strong=True, account=True),
        Namespace("woocommerce", strong=True, account=True),
        # No account: Stripe makes a new customer at each checkout of a guest.
        Namespace("stripe", strong=True),
        Namespace("anonymous_id"),
        # Below the device, so that a public event lies in its device's partition of the log.
        Namespace(VISITOR),
        Namespace("shopify_cart"),
        Namespace("shopify_checkout"),
        # Only a refund has an order's id and no other identifier.
        Namespace("shopify_order", late=True),
        Namespace("woocommerce_order", late=True),
        Namespace("stripe_payment", late=True),
    )
}
_RANKS = {name: rank for rank, name in enumerate(NAMESPACES)}
_STRONG = frozenset(each.name for each in NAMESPACES.values() if each.strong)
_ACCOUNTS = frozenset(each.name for each in NAMESPACES.values() if each.account)


def identifier(namespace: str, value: object) -> str | None:
    """The identifier ``namespace:value`` with the value normalised; None for a value that names nobody.

    Values that programs write for "no value" (``null``, ``undefined``, all-zero UUIDs …) would join strangers, and so
    would values in which somebody replaced what cannot be read: two different ones look the same afterwards. Raises
    KeyError for an unknown namespace.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = NAMESPACES[namespace].normalise(str(value).strip())
    if text is None or text.lower() in NOBODY or not text.strip("0-{}") or REPLACED in text:
        return None
    return f"{namespace}:{text}"


def identifiers(*pairs: tuple[str, object]) -> tuple[str, ...]:
    """Those of (namespace, value) pairs, without duplicates and without values that identify nobody or are too long."""
    found = (identifier(namespace, value) for namespace, value in pairs if _is_short(value))
    return tuple(dict.fromkeys(name for name in found if name))


def _is_short(value: object) -> bool:
    return not isinstance(value, str) or len(value.encode("utf-8", "replace")) <= NAME_BYTES


def namespace(name: str) -> str:
    """The part of an identifier before its first colon."""
    return name.partition(":")[0]


def is_strong(name: str) -> bool:
    """True if the identifier's namespace names one person, not a device or a cart."""
    return namespace(name) in _STRONG


def is_address(name: str) -> bool:
    """True if the identifier is an e-mail address."""
    return namespace(name) == "email"


def visitor(device: str, account: str) -> str:
    """The name of the visitor who claims the account (``user_id:…``; empty for none) on the device, any text."""
    return f"{VISITOR}:{hashlib.sha256(device.encode()).hexdigest()[:20]}/{account.partition(':')[2]}"


def account_of(name: str) -> tuple[str, str] | None:
    """The account that the identifier is, or that its visitor claims, as (namespace, value); None for neither."""
    space, _, value = name.partition(":")
    if space in _ACCOUNTS:
        return space, value
    claimed = value.partition("/")[2] if space == VISITOR else ""
    return (_CLAIMED, claimed) if claimed else None


def anchor(identifiers: Iterable[str]) -> str:
    """The identifier that says whose an event is: an account, claimed or not, else its primary identifier.

    An address does not outweigh an account: two accounts that give one address stay two people.
    """
    return min(identifiers, key=lambda name: (account_of(name) is None, _rank(name)))


def primary(identifiers: Iterable[str]) -> str:
    """The identifier whose partition of the log holds an event: an address before an account before a device.

    The address comes first so that the check just before an e-mail is sent finds all events with that address in one
    partition.
    """
    return min(identifiers, key=_rank)


def _rank(name: str) -> tuple[int, str]:
    return _RANKS[namespace(name)], name


def strongest_first(names: Iterable[str]) -> list[str]:
    """The distinct identifiers in the order of ``NAMESPACES``: addresses, accounts, then devices and carts."""
    return sorted(set(names), key=_rank)


def within(spans: Iterable[Span] | None, time: int) -> bool:
    """True if the time lies in one of the spans; spans of None mean all of time."""
    return spans is None or any(begin <= time and (end is None or time < end) for begin, end in spans)


def profile_id(name: str) -> str:
    """The id of the profile that is created for this identifier: 20 hex digits of its SHA-256.

    Since it is derived, the profile can be read before the identifier has been looked up.
    """
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def accounts(names: Iterable[str]) -> frozenset[str]:
    """The identifiers among these that are accounts, or visitors who claim one."""
    return frozenset(name for name in names if account_of(name))


def are_several_accounts(names: Iterable[str]) -> bool:
    """True if the identifiers include two accounts of the same namespace."""
    several = _accounts(names)
    return len(several) > len({space for space, _ in several})


def are_two_people(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """True if in some account namespace both sides have accounts and have none in common."""
    mine, yours = _accounts(ours), _accounts(theirs)
    common = {space for space, _ in mine & yours}
    return bool({space for space, _ in mine} & {space for space, _ in yours} - common)


def _accounts(names: Iterable[str]) -> set[tuple[str, str]]:
    return {account for name in names if (account := account_of(name))}
