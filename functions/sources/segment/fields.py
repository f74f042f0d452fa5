"""Field types for Segment messages: strict, with faults worded for the SDK's user; null counts as absent.

Each type says in JSON Schema what its validator accepts, since OpenAPI is made of these models.
"""

from typing import Annotated, Any, get_args

from pydantic import AliasPath, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from functions.core.base import spelling
from functions.core.base.events import Consent
from functions.core.base.identity import NAME_BYTES
from functions.sources.bodies import unstorable
from functions.sources.fields import instant
from functions.sources.payload import MISSING

# The longest name of an event: names are keys of timelines.
NAME = 200
STATES: tuple[Consent, ...] = get_args(Consent)


def nearest(value: Any, choices: tuple[str, ...]) -> str | None:
    """The choice most similar to the value; None if none is similar."""
    return spelling.nearest(value.lower()[:50], choices) if isinstance(value, str) else None


def _wrong(message: str, suggestion: str | None = None) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{message}", {"message": message, "suggestion": suggestion})


def _id(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong("must be text or a whole number")
    if len(str(value).encode()) > NAME_BYTES:
        raise _wrong(f"is longer than {NAME_BYTES} bytes")
    return str(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _wrong("must be text")


def _needed_id(value: Any) -> str | None:
    if value is None or value == "":
        raise _wrong(MISSING)
    return _id(value)


def _event_name(value: Any) -> str:
    written = _text(value)
    if not written:
        raise _wrong(MISSING)
    if not 0 < len(written.strip()) <= NAME:
        raise _wrong(f"must have 1 to {NAME} characters")
    return written.strip()


def _time(value: Any) -> int | None:
    if value is None:
        return None
    milliseconds = instant(value)
    if milliseconds is None:
        raise _wrong("must be an RFC 3339 time since 1970", "2026-11-21T19:13:05.114Z")
    return milliseconds


def _plain_object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if value is None or value == []:
        return {}
    raise _wrong("must be an object", "{}")


def _exact_object(value: Any) -> dict[str, Any]:
    content = _plain_object(value)
    if places := list(unstorable(content, "")):
        raise PydanticCustomError("wrong", "has more digits than can be kept exactly", {"places": places})
    return content


def _boolean(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise _wrong("must be true or false", "true")


def _state(value: Any) -> Any:
    if value is not None and value not in STATES:
        raise _wrong(f"must be one of {', '.join(STATES)}", nearest(value, STATES))
    return value


def _address(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


_ID = [{"type": "string"}, {"type": "integer"}]
_NULL = {"type": "null"}

# Text, or a whole number that is kept as text; at most NAME_BYTES long.
Id = Annotated[str | None, BeforeValidator(_id), WithJsonSchema({"anyOf": [*_ID, _NULL]})]
NeededId = Annotated[str, BeforeValidator(_needed_id), WithJsonSchema({"anyOf": _ID})]
_EVENT_NAME = {"type": "string", "minLength": 1, "maxLength": NAME}
EventName = Annotated[str, BeforeValidator(_event_name), WithJsonSchema(_EVENT_NAME)]
Words = Annotated[str | None, BeforeValidator(_text)]
# Milliseconds UTC.
_TIME = {"anyOf": [{"type": "string", "format": "date-time"}, _NULL]}
Time = Annotated[int | None, BeforeValidator(_time), WithJsonSchema(_TIME)]
PlainObject = Annotated[dict[str, Any], BeforeValidator(_plain_object)]
# An object whose numbers the log keeps digit for digit.
_OBJECT = {"anyOf": [{"type": "object"}, _NULL]}
ExactObject = Annotated[dict[str, Any], BeforeValidator(_exact_object), WithJsonSchema(_OBJECT)]
Flag = Annotated[bool | None, BeforeValidator(_boolean)]
State = Annotated[Consent | None, BeforeValidator(_state)]
Address = Annotated[str | None, BeforeValidator(_address)]


def inside(*path: str) -> Any:
    """The default of a field that is nested deeper in the message."""
    return Field(default=None, validation_alias=AliasPath(*path))
