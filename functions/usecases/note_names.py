"""Remember which names events use, so that definitions can be held against them."""

from collections.abc import Iterable

from functions.core.errors import Unavailable
from functions.core.events import Event
from functions.core.ports import Ports
from functions.core.vocabulary.seen import names_of


def note_names(events: Iterable[Event], ports: Ports) -> bool:
    """Whether the names could be remembered; folding does not wait for it, and the next event says them again."""
    try:
        ports.names.note(names_of(events))
    except Unavailable:
        return False
    return True
