"""The messages of the Segment HTTP API: the fields that are read, and the faults reported to the SDK."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AliasPath, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from functions.core.base.events import Consent
from functions.sources.fields import Text, first_of
from functions.sources.payload import Payload
from functions.sources.segment.fields import (
    Address,
    EventName,
    ExactObject,
    Flag,
    Id,
    NeededId,
    PlainObject,
    State,
    Time,
    Words,
    inside,
)


class SdkMessage(Payload):
    """The fields common to messages of every kind; a message of an unknown kind is checked against these only.

    ``kind`` is the SDK's method, ``title`` the name of its event. Times are milliseconds UTC.
    """

    model_config = ConfigDict(alias_generator=to_camel)
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    # The fields that may hold the person's address, by precedence.
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
    marketing: Flag = inside("context", "consent", "categoryPreferences", "marketing")
    context_traits: PlainObject = Field(default_factory=dict, validation_alias=AliasPath("context", "traits"))
    traits_consent: State = inside("traits", "email_marketing_consent")
    context_consent: State = inside("context", "traits", "email_marketing_consent")

    @field_validator("user_id", mode="before")
    @classmethod
    def _names_somebody(cls, value: Any, info: ValidationInfo) -> Any:
        """Require an identifier, even an invalid one (which has a fault of its own), or an address."""
        before = info.data
        named = value not in (None, "") or any(before.get(name, "wrong") for name in ("previous_id", "anonymous_id"))
        if not named and not any(before[name] for name in cls.addresses):
            # For a default value pydantic reports our name of the field, not the sender's.
            details = {"where": "userId", "suggestion": "anonymousId"}
            raise PydanticCustomError("wrong", "userId or anonymousId is missing", details)
        return value

    @property
    def email(self) -> str | None:
        """The e-mail address in the message."""
        return first_of(*(getattr(self, name) for name in self.addresses))

    @property
    def sender_time(self) -> int | None:
        """The event's time by the sender's clock; RudderStack's SDKs put it in ``originalTimestamp``."""
        return first_of(self.original_timestamp, self.timestamp)

    @property
    def consents(self) -> tuple[Consent | None, ...]:
        """Every statement about marketing e-mail in the message."""
        category: Consent = "subscribed" if self.marketing else "unsubscribed"
        return self.context_consent, self.traits_consent, None if self.marketing is None else category


class Identify(SdkMessage):
    """Says who a person is; what the device reports of the person is in ``context``."""

    kind = "identify"
    title = "Identified"
    locale: Text = inside("context", "locale")
    timezone: Any = inside("context", "timezone")


class Track(SdkMessage):
    """Reports what a person did."""

    kind = "track"
    addresses = ("traits_email", "context_email", "properties_email")
    event: EventName


class Page(SdkMessage):
    """Reports a page that a person viewed in a browser."""

    kind = "page"
    title = "Page Viewed"


class Screen(SdkMessage):
    """Reports a screen that a person viewed in an app."""

    kind = "screen"
    title = "Screen Viewed"


class Group(SdkMessage):
    """Says that a person belongs to a group; the traits are the group's."""

    kind = "group"
    title = "Group Joined"
    addresses = ("context_email",)
    group_id: NeededId

    @property
    def consents(self) -> tuple[Consent | None, ...]:
        """Every statement about marketing e-mail that concerns the person, not the group."""
        own, _group, category = super().consents
        return own, category


class Alias(SdkMessage):
    """Joins two identifiers of one person."""

    kind = "alias"
    title = "Aliased"
    previous_id: NeededId
    user_id: NeededId

    @field_validator("user_id", mode="before")
    @classmethod
    def _names_somebody(cls, value: Any, info: ValidationInfo) -> Any:
        """Accept any value: the types of both identifiers require them already."""
        return value


class Batch(Payload):
    """The fields of a batch besides its messages."""

    sent_at: Time = Field(default=None, validation_alias="sentAt")
    # As it was written, for a message that is put aside.
    sent_at_text: Any = Field(default=None, validation_alias="sentAt")


MODELS: Mapping[str, type[SdkMessage]] = {model.kind: model for model in (Identify, Track, Page, Screen, Group, Alias)}
