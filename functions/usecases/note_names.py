"""Remember which names events use, so that definitions can be held against them."""

from collections.abc import Iterable

from functions.core.base.errors import Unavailable
from functions.core.base.events import Event
from functions.core.definitions.vocabulary.seen import names_of
from functions.usecases.context import Context


def note_names(context: Context, events: Iterable[Event]) -> bool:
    """Whether the names could be remembered; folding does not wait for it, and the next event says them again."""
    try:
        context.ports.names.note(names_of(events))
    except Unavailable:
        return False
    return True
