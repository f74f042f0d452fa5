"""The shape of a topic's bodies: the fields that prove what a body is.

Storefronts sign the body of a webhook and not its headers, so the topic is only a claim. A body is acted on if it has
fields that prove it to be of its topic's kind, and none that only other kinds have.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Shape(NamedTuple):
    """The fields that prove a kind of body.

    has    groups of fields, of each of which a body has one at least
    lacks  fields that show it to be of another kind
    only   if given, the only fields that it may have
    """

    has: tuple[tuple[str, ...], ...] = ()
    lacks: frozenset[str] = frozenset()
    only: frozenset[str] | None = None

    def fault(self, body: Mapping[str, Any]) -> str:
        """Why the body is not of this kind, naming fields; empty if it is."""
        for group in self.has:
            if not any(name in body for name in group):
                return f"{' or '.join(group)} is missing"
        foreign = body.keys() & self.lacks if self.only is None else body.keys() - self.only
        # Names of fields come from the sender: those that are expected nowhere are not repeated.
        known = sorted(foreign & self.lacks)
        return f"the body is another topic's: it has {known[0] if known else 'other fields'}" if foreign else ""
