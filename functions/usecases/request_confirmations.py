"""Have addresses asked for a confirmation for which somebody says yes without proof (double opt-in)."""

from collections.abc import Iterable

from functions.core.base.events import Event
from functions.core.base.identity import namespace
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import AskConfirmation
from functions.core.messages.confirmation import DAY
from functions.usecases.context import Context


def request_confirmations(context: Context, events: Iterable[Event]) -> None:
    """Queue the question for each address; once for each, as the first of the events says it.

    A yes that is a day old, by its own time or ours, asks nobody: whoever said it does not wait for an e-mail any more,
    and what is replayed or told late sends none. Raises Unavailable.
    """
    tasks: dict[str, AskConfirmation] = {}
    for event in events:
        if context.now < min(event.time, event.received) + DAY:
            for address in event.unproven_yes:
                tasks.setdefault(address, AskConfirmation(address, _device(event), event.received))
    if tasks:
        context.ports.queues.send([Dispatch(task) for task in tasks.values()])


def _device(event: Event) -> str | None:
    """The device that says yes. Without one, whoever makes the same claim would be proven by the confirmation."""
    return next((name for name in event.identifiers if namespace(name) == "anonymous_id"), None)
