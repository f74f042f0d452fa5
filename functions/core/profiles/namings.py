"""The addresses that a person can be written to, by who named them as theirs (law 13)."""

from functions.core.base.events import Event
from functions.core.base.identity import identifier, is_address
from functions.core.base.trust import RANKS, is_trusted
from functions.core.profiles.records import Naming, ProfileAttributes

# Segment's vocabulary of e-mail: reports of what became of a message, which went to whatever address was known then.
# https://segment.com/docs/connections/spec/email/
_REPORTS = frozenset(
    {"Email Bounced", "Email Delivered", "Email Link Clicked", "Email Marked as Spam", "Email Opened",
     "Email Unsubscribed", "Email Resubscribed", "Visitor Recognised"}
)  # fmt: skip


def namings(event: Event) -> dict[str, Naming]:
    """The addresses that the event names as the person's; none if the public made it.

    A report of an old message names the address, but says nothing of which of the person's is in use.
    """
    if not is_trusted(event.trust):
        return {}
    stated = identifier("email", event.traits.get("email"))
    time = 0 if event.name in _REPORTS else event.time
    return {
        name.partition(":")[2]: Naming(RANKS[event.trust], time, name == stated)
        for name in event.identifiers
        if is_address(name)
    }


def addresses(attributes: ProfileAttributes) -> list[str]:
    """The addresses that the person can be written to: first the one that the most trusted source named last.

    An address that only the public named is none of them.
    """
    latest = sorted(attributes.namings.items(), key=lambda item: (*(-part for part in item[1]), item[0]))
    return [address for address, _ in latest]
