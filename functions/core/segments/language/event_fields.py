"""Event names as pydantic fields: one or several, each an event name or the id of a definition of named events."""

from typing import Annotated

from pydantic import AfterValidator, Field

from functions.core.base.keys import NAMED
from functions.core.base.model import OneOrMore
from functions.core.base.model_faults import Says

_SAYS = Says("one event name or a list of them", "Order Completed")


def _events(names: list[str]) -> list[str | dict[str, str]]:
    return [_event(name) for name in sorted(set(names))]


def _event(name: str) -> str | dict[str, str]:
    """``{"named": id}`` for the id of named events, else the event name; a name that looks like an id is in quotes."""
    if NAMED.fullmatch(name):
        return {"named": name}
    return name[1:-1] if name[0] == name[-1] == '"' and len(name) > 2 else name


EventName = Annotated[str, Field(pattern='[^ "]'), _SAYS]
# In the form that conditions use: names, and ids as {"named": "bought"}.
Events = Annotated[list[EventName], Field(min_length=1), OneOrMore(), AfterValidator(_events), _SAYS]
