"""The event itself, and what its objects have in common."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.fields import Id, NeededId, NeededText, Text, an_id, mapping, needed, whole
from functions.sources.payload import Payload

# The end of the year 9999, seconds UTC.
_LAST = 253_402_300_799


def _milliseconds(value: Any) -> int | None:
    seconds = whole(value)
    return seconds * 1000 if seconds is not None and 0 <= seconds <= _LAST else None


def _reference(value: Any) -> str | None:
    return an_id(value.get("id")) if isinstance(value, dict) else an_id(value)


# Milliseconds UTC, of seconds.
NeededSeconds = Annotated[int, needed(_milliseconds)]
# The id of another object, which may be there itself.
Reference = Annotated[str | None, BeforeValidator(_reference)]
# False in the test mode and in sandboxes alone.
Live = Annotated[bool, BeforeValidator(lambda value: value is not False)]
Mapped = Annotated[Mapping[str, Any], BeforeValidator(mapping)]


class StripeEvent(Payload):
    """An event: what happened (``type``), when, and to which object."""

    id: NeededText
    type: NeededText
    created: NeededSeconds
    livemode: Live = True
    subject: Mapped = Field(default_factory=dict, validation_alias=AliasPath("data", "object"))


class Metadata(Payload):
    """What the shop itself has written on an object."""

    order_id: Id = None
    segue_cart_id: Id = None
    segue_user_id: Id = None


class StripeObject(Payload):
    """An object of an event; ``KIND`` is what it says that it is."""

    KIND: ClassVar[str]

    id: NeededId
    object: Text = None
