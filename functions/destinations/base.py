"""What a destination is: one record that knows how its receiver wants to be told, and what its answers mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from functions.core.base.errors import SegueError, Unsupported
from functions.core.deliveries.records import Answer, Configuration, Item, Request
from functions.core.profiles.transition import Transition

Kind = Literal["Segment Entered", "Segment Left"]
TRANSITIONS: tuple[Kind, ...] = ("Segment Entered", "Segment Left")

Failed = Mapping[int, SegueError]


class Limit(NamedTuple):
    """The most that one request to the receiver holds."""

    items: int = 1
    bytes: int = 250_000


_ONE = Limit()


@dataclass(frozen=True, slots=True)
class Destination:
    """One receiver: everything that is known about it.

    key       its name in settings, queues and dead letters, and the name of its file
    label     what people call it
    item      what one transition is to the receiver; raises Unsupported for what it has no place for
    request   the request that hands over so many items, at an instant (seconds UTC); the sender makes it
    refused   the items that were not taken, as the answer has it, by position: Undeliverable for those that
              the receiver will never take, Unavailable for those that are to be tried again
    example   a transition that shows it; tests/golden/destinations/<key>.json says what it becomes
    takes     what it is told of
    limit     the most that one request holds
    secret    the secret with its settings, a JSON object of texts; empty for a receiver that needs none
    settings  which settings there must be, each with its meaning
    at_once   whether it is told by whoever finds the transition, and through the queue only after a failure: for
              receivers inside AWS, which answer within milliseconds. Nobody waits for others
    """

    key: str
    label: str
    item: Callable[[Transition], Item]
    request: Callable[[Sequence[Item], Configuration, int], Request]
    refused: Callable[[Answer, int], Failed]
    example: Transition
    takes: tuple[Kind, ...] = TRANSITIONS
    limit: Limit = _ONE
    secret: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False

    def __post_init__(self) -> None:
        if self.settings and not self.secret:
            raise ValueError(f"destination {self.key!r} has settings and no secret in which they are")

    def fitted(self, transition: Transition) -> Item:
        """The item of the transition; raises Unsupported for one that no request of the receiver's can hold."""
        item = self.item(transition)
        if item.size > self.limit.bytes:
            raise Unsupported(self.key, f"{item.kind} of more than {self.limit.bytes} bytes")
        return item
