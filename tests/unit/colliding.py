"""Events whose short keys are equal."""

from itertools import count

from functions.core.base.events import Event
from functions.core.timelines.event_keys import event_key

T = 1_790_000_000
# Found by trying: two orders and two segments whose hashes of four bytes are equal.
ORDERS = ("56076", "126995")


def viewed(message, name="Product Viewed", at=T, who="user_id:1", **said):
    return Event(name, at, at, (who,), f"2026-09-21T14:13:20.000Z#{message}", "test", said)


def ordered(order, at=T, revision=0):
    sort = f"2026-09-21T14:13:20.000Z#{order}-{revision}"
    said = {"order_id": order, "total": 100, "currency": "EUR"}
    return Event(
        "Order Completed", at, at, ("user_id:1",), sort, "test", said, natural=f"order:{order}", revision=revision
    )


def alike(make=viewed, several=2):
    """Events of one second whose short keys are equal."""
    seen: dict[int, list[Event]] = {}
    for event in (make(f"m{number}") for number in count()):
        found = seen.setdefault(event_key(event), [])
        found.append(event)
        if len(found) == several:
            break
    return found


def counted(state, catalogue):
    """How many entries each timeline has."""
    return sorted(len(held.entries) for held in state.timelines.values())
