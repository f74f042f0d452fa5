"""The messages of the Segment HTTP API: the fields that we read, and what is wrong with one that the SDK is told."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, get_args

from pydantic import AliasPath, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from functions.core.base.events import Consent
from functions.sources.bodies import unstorable
from functions.sources.event_parts import NAME_BYTES
from functions.sources.fields import MISSING, Payload, Text, first_of, instant

# The longest name of an event: names are keys of timelines.
NAME = 200
STATES: tuple[Consent, ...] = get_args(Consent)


def nearest(value: Any, choices: tuple[str, ...]) -> str | None:
    """The choice that was probably meant."""
    if not isinstance(value, str):
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(value.lower()[:50], choices, 1)), None)


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


def _event(value: Any) -> str:
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
    found = _plain_object(value)
    places = list(unstorable(found, ""))
    if places:
        said = {"message": "has more digits than can be kept exactly", "places": places}
        raise PydanticCustomError("wrong", "{message}", said)
    return found


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


# One text of an id, as long as a key may have.
Id = Annotated[str | None, BeforeValidator(_id)]
NeededId = Annotated[str, BeforeValidator(_needed_id)]
Words = Annotated[str | None, BeforeValidator(_text)]
# Milliseconds UTC.
Time = Annotated[int | None, BeforeValidator(_time)]
PlainObject = Annotated[dict[str, Any], BeforeValidator(_plain_object)]
# An object whose numbers the log keeps digit for digit.
ExactObject = Annotated[dict[str, Any], BeforeValidator(_exact_object)]
State = Annotated[Consent | None, BeforeValidator(_state)]
Address = Annotated[str | None, BeforeValidator(_address)]


def inside(*path: str) -> Any:
    """The default of a field that lies deeper in the message."""
    return Field(default=None, validation_alias=AliasPath(*path))


class Message(Payload):
    """What the messages of every kind have in common; a message of an unknown kind is checked by it alone.

    ``kind`` is the SDK's method, ``title`` the name of its event. Times are milliseconds UTC.
    """

    model_config = ConfigDict(alias_generator=to_camel)
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    # Where the person's address may stand, the first that does first.
    addresses: ClassVar[tuple[str, ...]] = ("traits_email", "context_email")

    traits_email: Address = inside("traits", "email")
    context_email: Address = inside("context", "traits", "email")
    properties_email: Address = inside("properties", "email")
    previous_id: Id = None
    anonymous_id: Id = None
    user_id: Id = Field(default=None, validate_default=True)
    group_id: Id = None
    message_id: Id = None
    name: Words = None
    category: Words = None
    timestamp: Time = None
    original_timestamp: Time = None
    sent_at: Time = None
    properties: ExactObject = Field(default_factory=dict)
    traits: ExactObject = Field(default_factory=dict)
    context: ExactObject = Field(default_factory=dict)
    event: Words = None
    marketing: Annotated[bool | None, BeforeValidator(_boolean)] = inside(
        "context", "consent", "categoryPreferences", "marketing"
    )
    context_traits: PlainObject = Field(default_factory=dict, validation_alias=AliasPath("context", "traits"))
    traits_consent: State = inside("traits", "email_marketing_consent")
    context_consent: State = inside("context", "traits", "email_marketing_consent")

    @field_validator("user_id", mode="before")
    @classmethod
    def _names_somebody(cls, value: Any, info: ValidationInfo) -> Any:
        """Needs an identifier, be it a wrong one (which is a fault of its own, and absent here), or an address."""
        before = info.data
        named = value not in (None, "") or any(before.get(name, "wrong") for name in ("previous_id", "anonymous_id"))
        if not named and not any(before[name] for name in cls.addresses):
            # Of a value that is a default pydantic tells our name of the field, not the sender's.
            said = {"where": "userId", "suggestion": "anonymousId"}
            raise PydanticCustomError("wrong", "userId or anonymousId is missing", said)
        return value

    @property
    def email(self) -> str | None:
        """The address that the message names."""
        return first_of(*(getattr(self, name) for name in self.addresses))

    @property
    def said_at(self) -> int | None:
        """When it happened by the sender's clock; RudderStack's SDKs say it in ``originalTimestamp``."""
        return first_of(self.original_timestamp, self.timestamp)

    @property
    def consents(self) -> tuple[Consent | None, ...]:
        """Every statement about marketing e-mail that the message makes."""
        category: Consent | None = (
            None if self.marketing is None else "subscribed" if self.marketing else "unsubscribed"
        )
        return self.context_consent, self.traits_consent, category


class Identify(Message):
    """Who somebody is; what the device says of the person stands in the context."""

    kind = "identify"
    title = "Identified"
    locale: Text = inside("context", "locale")
    timezone: Any = inside("context", "timezone")


class Track(Message):
    """What somebody did."""

    kind = "track"
    addresses = ("traits_email", "context_email", "properties_email")
    event: Annotated[str, BeforeValidator(_event)]


class Page(Message):
    """What somebody looked at in a browser."""

    kind = "page"
    title = "Page Viewed"


class Screen(Message):
    """What somebody looked at in an app."""

    kind = "screen"
    title = "Screen Viewed"


class Group(Message):
    """Somebody belongs to a group, whose traits these are."""

    kind = "group"
    title = "Group Joined"
    addresses = ("context_email",)
    group_id: NeededId

    @property
    def consents(self) -> tuple[Consent | None, ...]:
        """Every statement of the person, not of the group."""
        own, _group, category = super().consents
        return own, category


class Alias(Message):
    """Two names of one person."""

    kind = "alias"
    title = "Aliased"
    previous_id: NeededId
    user_id: NeededId

    @field_validator("user_id", mode="before")
    @classmethod
    def _names_somebody(cls, value: Any, info: ValidationInfo) -> Any:
        """Needs both names, which their types say."""
        return value


class Batch(Payload):
    """What a batch says beside its messages."""

    sent_at: Time = Field(default=None, validation_alias="sentAt")
    # As it was written, for a message that is put aside.
    said_sent_at: Any = Field(default=None, validation_alias="sentAt")


MODELS: Mapping[str, type[Message]] = {model.kind: model for model in (Identify, Track, Page, Screen, Group, Alias)}
