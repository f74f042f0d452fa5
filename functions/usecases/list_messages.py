"""List messages: sent, held back and failed ones, with the reason."""

from dataclasses import dataclass
from typing import Any, get_args

from functions.core.answers import pages
from functions.core.answers.views import message_view
from functions.core.messages.records import Message, MessageState
from functions.usecases.context import Context

# The most pages of the ledger that one answer reads: rows are not indexed by flow or template.
PAGES = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of messages; None means any."""

    state: MessageState | None = None
    flow: str | None = None
    template: str | None = None

    @property
    def states(self) -> tuple[MessageState, ...]:
        """The states to read from the ledger."""
        every: tuple[MessageState, ...] = get_args(MessageState)
        return every if self.state is None else (self.state,)

    def fits(self, message: Message) -> bool:
        """True if the message is of the wanted flow and template."""
        return self.flow in (None, message.flow) and self.template in (None, message.template)


def listing(context: Context, filters: Wanted, limit: int, start: str | None) -> dict[str, Any]:
    """Messages of everybody, newest first; ``next`` is where the next page starts, None after the last.

    There may be fewer than ``limit``, or none, although ``next`` says that there are more: one answer reads at most
    PAGES pages of the ledger.
    """

    def read(most: int) -> tuple[list[dict[str, Any]], str | None]:
        rows, following = _read(context, filters, most, start)
        return [message_view(row) for row in rows], following

    page = pages.read_again(read, limit)
    return {"messages": page.items, "next": page.next}


def _read(context: Context, filters: Wanted, limit: int, start: str | None) -> tuple[list[Message], str | None]:
    messages: list[Message] = []
    for _ in range(PAGES):
        rows, start = context.ports.ledger.page(filters.states, limit - len(messages), start)
        messages += filter(filters.fits, rows)
        if start is None or len(messages) == limit:
            break
    return messages, start
