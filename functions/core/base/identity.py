"""Names of people: identifiers, which of them join, and which profile they make.

An identifier is ``namespace:value``. Strong namespaces name one person (an account, an address);
weak ones name a device or a cart, which two people may share. Who joins whom is in ``groups.py``.
"""

import hashlib
from collections.abc import Iterable

STRONG = ("email", "user_id", "shopify")
WEAK = ("anonymous_id", "shopify_cart", "shopify_checkout", "shopify_order")
NAMESPACES = STRONG + WEAK

# Two different values of one of these are two accounts, hence two people, whatever device they share.
ACCOUNTS = ("user_id", "shopify")

# From when, until before when (None: for ever).
Span = tuple[int, int | None]

NOBODY = frozenset(
    {"", "0", "-1", "null", "none", "nil", "nan", "undefined", "unknown", "anonymous", "guest", "n/a", "na", "false",
     "true", "[object object]", "not_set", "(not set)"}
)  # fmt: skip


def identifier(namespace: str, value: object) -> str | None:
    """``namespace:value`` with the value normalised, or None for a value that names nobody.

    Values that programs write for "no value" (``null``, ``undefined``, all-zero UUIDs …) would join strangers.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    if namespace == "email":
        text = text.lower()
        if text.count("@") != 1 or text.startswith("@") or text.endswith("@") or any(c.isspace() for c in text):
            return None
    if text.lower() in NOBODY or not text.strip("0-{}"):
        return None
    return f"{namespace}:{text}"


def namespace(name: str) -> str:
    """The part of an identifier before its first colon."""
    return name.partition(":")[0]


def is_strong(name: str) -> bool:
    """Whether the identifier names one person."""
    return namespace(name) in STRONG


def primary(identifiers: Iterable[str]) -> str:
    """The identifier whose partition of the log holds an event: an address before an account before a device.

    The address comes first so that the last look before an e-mail finds, under the address it is about to
    write to, everything that was ever said with that address.
    """
    return min(identifiers, key=_rank)


def _rank(name: str) -> tuple[int, str]:
    return NAMESPACES.index(namespace(name)), name


def strongest_first(names: Iterable[str]) -> list[str]:
    """The names, accounts and addresses before devices and carts."""
    return sorted(set(names), key=_rank)


def within(spans: Iterable[Span] | None, time: int) -> bool:
    """Whether the time lies in one of the spans; None is all of time."""
    return spans is None or any(begin <= time and (end is None or time < end) for begin, end in spans)


def profile_id(name: str) -> str:
    """The id of the profile that begins with this identifier, so that it can be read before it is looked up."""
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def accounts(names: Iterable[str]) -> frozenset[str]:
    """The identifiers among these that are accounts."""
    return frozenset(name for name in names if namespace(name) in ACCOUNTS)


def are_several_accounts(names: Iterable[str]) -> bool:
    """Whether two accounts of one kind are among the names."""
    kinds = [namespace(name) for name in accounts(names)]
    return len(kinds) > len(set(kinds))


def are_two_people(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether both sides have accounts of one kind and share none of them."""
    mine, yours = accounts(ours), accounts(theirs)
    return any(
        (a := {name for name in mine if namespace(name) == kind})
        and (b := {name for name in yours if namespace(name) == kind})
        and not a & b
        for kind in ACCOUNTS
    )
