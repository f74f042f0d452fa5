"""Queue the erasure of a person whom the shop itself wants erased, by any of the person's identifiers."""

from typing import Any

from functions.core.base.errors import NotFound
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.erasures import ErasePeople
from functions.usecases import people
from functions.usecases.context import Context


def request(context: Context, written: str) -> dict[str, Any]:
    """Queue it, also of an identifier that nobody has: its events may wait in the log. Raises Malformed."""
    name = people.name_of(written)
    context.ports.queues.send([Dispatch(ErasePeople((name,)))])
    return {"identifiers": _identifiers(context, written, name)}


def _identifiers(context: Context, written: str, name: str) -> list[str]:
    """All identifiers of the person: what to look for once it is done, since nothing says them any more then."""
    try:
        return sorted(people.by_identifier(context, written).attributes.identifiers)
    except NotFound:
        return [name]
