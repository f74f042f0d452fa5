"""Detection of emptied carts: everything that was put in, step by step or as a whole, was taken out again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    horizon = timeline.horizon or HORIZON
    steps: dict[str, list[tuple[Entry, CartChange]]] = defaultdict(list)
    for entry in view.entries(timeline.id):
        if entry.time > view.now - horizon:
            cart, step = decoded(str(entry.value))
            steps[cart].append((entry, step))
    return {key: _emptied([*steps[""], *steps[written(key - NATURAL)]], horizon) for key in keys}


def without(answers: Mapping[int, Instant], view: View, timeline: TimelineSpec | None) -> Mapping[int, Instant]:
    """The verdicts by cart key with those of empty carts turned false; unchanged if ``timeline`` is None."""
    if timeline is None or all(answer == -FOREVER for answer in answers.values()):
        return answers
    emptied_by_key = emptied(view, timeline, answers)
    return {key: _unless(answer, emptied_by_key[key]) for key, answer in answers.items()}


def _unless(answer: Instant, cart: CartEmptiness) -> Instant:
    """The verdict on one cart, false while the cart is empty."""
    if answer == -FOREVER or cart.until is None:
        return answer
    if cart.empty:
        return -cart.until
    return min(answer, cart.until) if answer > 0 else answer


def _emptied(steps: Sequence[tuple[Entry, CartChange]], horizon: int) -> CartEmptiness:
    if not steps:
        return UNKNOWN
    cart = carts.replay(step for _, step in sorted(steps, key=_order))
    oldest = min(entry.time for entry, _ in steps)
    return CartEmptiness(cart is not None and not cart.lines, oldest + horizon)


def _order(entry_and_step: tuple[Entry, CartChange]) -> tuple[int, bool, int, int]:
    """The sort key of cart steps; in one second, events that only show that the cart has content come first."""
    entry, step = entry_and_step
    return entry.time, step.kind != "some", entry.revision, entry.key
