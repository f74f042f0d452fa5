"""Store the names that events use, so that definitions can be checked against them."""

from collections.abc import Iterable

from functions.core.base.events import Event
from functions.core.definitions.vocabulary.seen import names_of
from functions.usecases.context import Context


def note_names(context: Context, events: Iterable[Event]) -> bool:
    """Store the names that the events use; return False if that failed, for whatever reason.

    Folding does not depend on it and must not wait for it, and the next event with these names stores them again.
    """
    try:
        context.ports.names.note(names_of(events))
    except Exception:
        context.counts["NamesNotNoted"] += 1
        return False
    return True
