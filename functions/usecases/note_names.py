"""Remember which names events use, so that definitions can be held against them."""

from collections.abc import Iterable

from functions.core.base.errors import Unavailable
from functions.core.base.events import Event
from functions.core.definitions.vocabulary.seen import names_of
from functions.core.ports import Ports


def note_names(events: Iterable[Event], ports: Ports) -> bool:
    """Whether the names could be remembered; folding does not wait for it, and the next event says them again."""
    try:
        ports.names.note(names_of(events))
    except Unavailable:
        return False
    return True
