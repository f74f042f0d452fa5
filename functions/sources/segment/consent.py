"""A "no" to marketing from somebody who has not proved who they are (law 13)."""

from collections.abc import Iterator
from dataclasses import replace

from functions.core.base.events import Event
from functions.core.base.identity import is_address


def withdrawals(event: Event) -> Iterator[Event]:
    """The "no" of the message, once more for each address that it claims; for each account if it claims no address.

    A "no" of anybody counts at once, so it lies where the check before sending looks for that person. It says nothing
    else: it brings no trait, and joins nobody to the sender's device.
    """
    if event.consent != "unsubscribed":
        return
    for name in [claim for claim in event.claims if is_address(claim)] or event.claims:
        yield replace(
            event,
            name="Consent Changed",
            identifiers=(name,),
            properties={},
            traits={},
            natural=None,
            revision=0,
            trust="public",
            claims=(),
        )
