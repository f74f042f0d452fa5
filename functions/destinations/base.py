"""A destination: a record that knows how to call its receiver and how to read the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from functions.core.base.errors import SegueError, Unsupported
from functions.core.deliveries.records import Configuration, Item, ReceiverAnswer, Request
from functions.core.profiles.transition import Transition

Kind = Literal["Segment Entered", "Segment Left"]
TRANSITIONS: tuple[Kind, ...] = ("Segment Entered", "Segment Left")

Failed = Mapping[int, SegueError]


class Limit(NamedTuple):
    """The most that one request to the receiver may hold."""

    items: int = 1
    bytes: int = 250_000


_ONE = Limit()


@dataclass(frozen=True, slots=True)
class Destination:
    """One receiver: everything that is known about it.

    key       its name in settings, queues and dead letters, and the name of its file
    label     its name for people
    item      encodes one transition for the receiver; raises Unsupported for one that the receiver cannot represent
    request   the request that delivers these items, at an instant (seconds UTC); the sender makes it
    refused   the error of each item that was not taken, by position, from the answer: Undeliverable if the receiver
              refuses it for good, Unavailable if it is to be tried again
    example   a transition as an example; tests/golden/destinations/<key>.json has its encoded form
    takes     the kinds of transitions that are sent to it
    limit     the most that one request may hold
    secret    the secret with its settings, a JSON object of texts; empty for a receiver that needs none
    settings  the required settings, each with its meaning
    at_once   True if the function that finds the transition calls it directly, and the queue takes only what failed:
              for receivers inside AWS, which answer within milliseconds. Others are called through the queue only
    """

    key: str
    label: str
    item: Callable[[Transition], Item]
    request: Callable[[Sequence[Item], Configuration, int], Request]
    refused: Callable[[ReceiverAnswer, int], Failed]
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
        """The transition's item; raises Unsupported if it does not fit one request of the receiver."""
        item = self.item(transition)
        if item.size > self.limit.bytes:
            raise Unsupported(self.key, f"{item.kind} of more than {self.limit.bytes} bytes")
        return item
