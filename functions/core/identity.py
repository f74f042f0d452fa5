"""Names of people: identifiers, which of them join, and which profile they make.

An identifier is ``namespace:value``. Strong namespaces name one person (an account, an address);
weak ones name a device or a cart, which two people may share.
"""

import hashlib
from collections.abc import Iterable

STRONG = ("email", "user_id", "shopify")
WEAK = ("anonymous_id", "shopify_cart", "shopify_checkout", "shopify_order")
NAMESPACES = STRONG + WEAK

# Two different values of one of these are two accounts, hence two people, whatever device they share.
ACCOUNTS = ("user_id", "shopify")

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
    return min(identifiers, key=lambda name: (NAMESPACES.index(namespace(name)), name))


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


class Groups:
    """A partition of identifiers into people that grows link by link.

    Strong identifiers of one event always join. A weak one joins unless that would make one person of two
    (a device or cart that several accounts used stays with the first).
    """

    def __init__(self) -> None:
        self._group: dict[str, set[str]] = {}
        self.shared: dict[str, dict[str, int]] = {}

    def add(self, names: Iterable[str]) -> None:
        """Put in names that are known to be one person."""
        group = set(names)
        for name in group:
            self._group[name] = group

    def link(self, names: Iterable[str], time: int) -> None:
        """Join the names of one event that happened at ``time``."""
        ordered = sorted(set(names), key=lambda name: (not is_strong(name), NAMESPACES.index(namespace(name)), name))
        first = ordered[0]
        self._group.setdefault(first, {first})
        for name in ordered[1:]:
            self._join(first, name, time)

    def _join(self, first: str, name: str, time: int) -> None:
        ours, theirs = self._group[first], self._group.setdefault(name, {name})
        if ours is theirs:
            return
        if not is_strong(name) and are_two_people(ours, theirs):
            blocked = self.shared.setdefault(name, {})
            for account in accounts(ours):
                blocked[account] = min(time, blocked.get(account, time))
            return
        ours |= theirs
        for moved in theirs:
            self._group[moved] = ours

    def of(self, name: str) -> frozenset[str]:
        """Everybody's names who has this one."""
        return frozenset(self._group.get(name, {name}))

    def all(self) -> list[frozenset[str]]:
        """Every group once, in a fixed order."""
        return sorted({frozenset(group) for group in self._group.values()}, key=primary)
