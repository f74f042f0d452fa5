"""Names of people: identifiers, which of them join, and which profile they make.

An identifier is ``namespace:value``. Strong namespaces name one person (an account, an address);
weak ones name a device or a cart, which two people may share. Who joins whom is in ``groups.py``.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

# From when, until before when (None: for ever).
Span = tuple[int, int | None]

NOBODY = frozenset(
    {"", "0", "-1", "null", "none", "nil", "nan", "undefined", "unknown", "anonymous", "guest", "n/a", "na", "false",
     "true", "[object object]", "not_set", "(not set)"}
)  # fmt: skip


def _as_it_is(text: str) -> str | None:
    return text


def _address(text: str) -> str | None:
    """The address in small letters; None for what is none."""
    text = text.lower()
    fits = text.count("@") == 1 and not text.startswith("@") and not text.endswith("@")
    return text if fits and not any(map(str.isspace, text)) else None


@dataclass(frozen=True, slots=True)
class Namespace:
    """One kind of identifier.

    name       what stands before the colon
    strong     whether it names one person; else a device or a cart, which two people may share
    account    whether two different values are two accounts, hence two people, whatever device they share
    normalise  the value as it is kept; None for one that cannot be right
    late       whether its partition of the log holds only what comes long after the person's other names are known
    """

    name: str
    strong: bool = False
    account: bool = False
    normalise: Callable[[str], str | None] = _as_it_is
    late: bool = False


# The strongest first: an event lies in the log under the first of its names. A source says in its record which it uses.
NAMESPACES: Mapping[str, Namespace] = {
    each.name: each
    for each in (
        Namespace("email", strong=True, normalise=_address),
        Namespace("user_id", strong=True, account=True),
        Namespace("shopify", strong=True, account=True),
        Namespace("anonymous_id"),
        Namespace("shopify_cart"),
        Namespace("shopify_checkout"),
        # What names an order alone is its refund.
        Namespace("shopify_order", late=True),
    )
}
_RANKS = {name: rank for rank, name in enumerate(NAMESPACES)}
_STRONG = frozenset(each.name for each in NAMESPACES.values() if each.strong)
_ACCOUNTS = tuple(each.name for each in NAMESPACES.values() if each.account)


def identifier(namespace: str, value: object) -> str | None:
    """``namespace:value`` with the value normalised, or None for a value that names nobody.

    Values that programs write for "no value" (``null``, ``undefined``, all-zero UUIDs …) would join strangers.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = NAMESPACES[namespace].normalise(str(value).strip())
    if text is None or text.lower() in NOBODY or not text.strip("0-{}"):
        return None
    return f"{namespace}:{text}"


def namespace(name: str) -> str:
    """The part of an identifier before its first colon."""
    return name.partition(":")[0]


def is_strong(name: str) -> bool:
    """Whether the identifier names one person."""
    return namespace(name) in _STRONG


def primary(identifiers: Iterable[str]) -> str:
    """The identifier whose partition of the log holds an event: an address before an account before a device.

    The address comes first so that the last look before an e-mail finds, under the address it is about to
    write to, everything that was ever said with that address.
    """
    return min(identifiers, key=_rank)


def _rank(name: str) -> tuple[int, str]:
    return _RANKS[namespace(name)], name


def strongest_first(names: Iterable[str]) -> list[str]:
    """The names, accounts and addresses before devices and carts."""
    return sorted(set(names), key=_rank)


def within(spans: Iterable[Span] | None, time: int) -> bool:
    """True if the time lies in one of the spans; spans of None mean all of time."""
    return spans is None or any(begin <= time and (end is None or time < end) for begin, end in spans)


def profile_id(name: str) -> str:
    """The id of the profile that begins with this identifier, so that it can be read before it is looked up."""
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def accounts(names: Iterable[str]) -> frozenset[str]:
    """The identifiers among these that are accounts."""
    return frozenset(name for name in names if namespace(name) in _ACCOUNTS)


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
        for kind in _ACCOUNTS
    )
