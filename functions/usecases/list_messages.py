"""Show the ledger: what was sent, what was held back and why."""

from dataclasses import dataclass
from typing import Any, get_args

from functions.core.answers.views import message_view
from functions.core.messages.records import Message, MessageState
from functions.usecases.context import Context

# How many pages of the ledger one answer looks through for a flow or template, by which nothing is listed.
PAGES = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are meant; None means any."""

    state: MessageState | None = None
    flow: str | None = None
    template: str | None = None

    @property
    def states(self) -> tuple[MessageState, ...]:
        """The states by which the ledger lists them."""
        every: tuple[MessageState, ...] = get_args(MessageState)
        return every if self.state is None else (self.state,)

    def fits(self, message: Message) -> bool:
        """Whether the flow and the template are those meant."""
        return self.flow in (None, message.flow) and self.template in (None, message.template)


def listing(context: Context, filters: Wanted, limit: int, start: str | None) -> dict[str, Any]:
    """Messages of everybody, newest first; ``next`` is where to go on, None after the last.

    There may be fewer than ``limit``, or none, though ``next`` says that there are more: an answer reads so much and
    no more.
    """
    messages: list[Message] = []
    for _ in range(PAGES):
        rows, start = context.ports.ledger.page(filters.states, limit - len(messages), start)
        messages += filter(filters.fits, rows)
        if start is None or len(messages) == limit:
            break
    return {"messages": [message_view(row) for row in messages], "next": start}
