"""What is sent at once: whole rows, within the limits of the door that takes them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from functions.sources.tabular.records import Messages, Refusal

# Of the 500 KiB and 2,500 messages that the door takes; what no batch exceeds with one row more.
BYTES, MESSAGES = 480 * 1024, 1_000
_HEAD, _TAIL = b'{"historical":true,"batch":[', b"]}"


class Item(NamedTuple):
    """A row, or the rows of an order: its messages as JSON, or why it is left out."""

    part: str
    line: int
    messages: tuple[bytes, ...] = ()
    refusal: Refusal | None = None


def item(part: str, told: Messages | Refusal) -> Item:
    """What a row comes to."""
    if isinstance(told, Refusal):
        return Item(part, told.line, refusal=told)
    return Item(part, told.line, told.written)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in their order, as many at once as the door takes; refused ones stand where they were."""
    batch: list[Item] = []
    size = count = 0
    for each in items:
        more = sum(len(message) + 1 for message in each.messages)
        if batch and (size + more > BYTES or count + len(each.messages) > MESSAGES or len(batch) >= MESSAGES):
            yield batch
            batch, size, count = [], 0, 0
        batch.append(each)
        size, count = size + more, count + len(each.messages)
    if batch:
        yield batch


def body(messages: Iterable[bytes]) -> bytes:
    """The request that imports the messages."""
    return _HEAD + b",".join(messages) + _TAIL
