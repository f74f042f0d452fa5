"""Detection of emptied carts: everything that was put in, step by step or as a whole, was taken out again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.operator import View
from functions.core.timelines import carts
from functions.core.timelines.cart_steps import decoded, written
from functions.core.timelines.carts import CartChange
from functions.core.timelines.entry import Entry
from functions.core.timelines.event_keys import NATURAL
from functions.core.timelines.spec import TimelineSpec

# The age in seconds up to which cart steps count, unless the condition looks back further.
HORIZON = 30 * 86_400


Steps = Mapping[str, list[Entry]]


class CartEmptiness(NamedTuple):
    """Whether a cart is empty, and until when (seconds UTC) that holds without new events; None for no limit."""

    empty: bool
    until: int | None


UNKNOWN = CartEmptiness(False, None)


def spec(by: str, window: int | None) -> TimelineSpec:
    """The timeline of all events that fill or empty the carts that the property identifies."""
    return TimelineSpec(carts.TELLING, by=by, cart=True, keep=None, horizon=max(HORIZON, window or 0))


def emptied(view: View, timeline: TimelineSpec, keys: Iterable[int]) -> Mapping[int, CartEmptiness]:
    """By cart key, whether the cart is empty; events that name no cart count for every cart."""
    steps = _steps(view, timeline)
    return {key: _emptied(steps, key, timeline) for key in keys}


def _steps(view: View, timeline: TimelineSpec) -> Steps:
    """The entries of each cart that are younger than the horizon, by the cart's key as it is written."""
    oldest = view.now - (timeline.horizon or HORIZON)
    steps: dict[str, list[Entry]] = defaultdict(list)
    for entry in view.entries(timeline.id):
        if entry.time > oldest:
            steps[_cart(entry)].append(entry)
    return steps


def best(
    answers: Mapping[int, Instant], view: View, timeline: TimelineSpec | None, lasting: Callable[[int], int]
) -> Instant:
    """The greatest of the verdicts by cart key, where those of empty carts are false; as they are without a timeline.

    A true one lasts until ``lasting`` of its key at most. An empty cart never makes a true verdict last longer, so
    carts are replayed only until the best one is found.
    """
    waiting = sorted((answer, key) for key, answer in answers.items() if answer != -FOREVER)
    steps = _steps(view, timeline) if timeline and waiting else {}
    greatest = -FOREVER
    while waiting and (greatest <= 0 or greatest < waiting[-1][0]):
        answer, key = waiting.pop()
        answer = min(answer, lasting(key)) if answer > 0 else answer
        cart = _emptied(steps, key, timeline) if timeline else UNKNOWN
        greatest = max(greatest, _unless(answer, cart))
    return greatest


def coming(view: View, timeline: TimelineSpec, key: int) -> int:
    """When the next event comes that fills or empties the cart; FOREVER if none is known."""
    return min(view.coming_of(timeline, _cart, each) for each in ("", written(key - NATURAL)))


def _cart(entry: Entry) -> str:
    return decoded(str(entry.value))[0]


def _unless(answer: Instant, cart: CartEmptiness) -> Instant:
    """The verdict on one cart, false while the cart is empty."""
    if cart.until is None:
        return answer
    if cart.empty:
        return -cart.until
    return min(answer, cart.until) if answer > 0 else answer


def _emptied(by_cart: Steps, key: int, timeline: TimelineSpec) -> CartEmptiness:
    entries = [*by_cart.get("", ()), *by_cart.get(written(key - NATURAL), ())]
    if not entries:
        return UNKNOWN
    steps = [(entry, decoded(str(entry.value))[1]) for entry in entries]
    cart = carts.replay(step for _, step in sorted(steps, key=_order))
    oldest = min(entry.time for entry in entries)
    return CartEmptiness(cart is not None and not cart.lines, oldest + (timeline.horizon or HORIZON))


def _order(entry_and_step: tuple[Entry, CartChange]) -> tuple[int, bool, int, int]:
    """The sort key of cart steps; in one second, events that only show that the cart has content come first."""
    entry, step = entry_and_step
    return entry.time, step.kind != "some", entry.revision, entry.key
