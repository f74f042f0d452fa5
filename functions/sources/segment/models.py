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

    ``kind`` is the SDK's method, ``title`` the name of its event; ``own_fields`` are described by OpenAPI for this kind
    besides ``COMMON_FIELDS``. Every field is checked in every kind. Times are milliseconds UTC.
    """

    model_config = ConfigDict(alias_generator=to_camel)
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    own_fields: ClassVar[tuple[str, ...]] = ()
    # The fields that may hold the person's address, by precedence.
    addresses: ClassVar[tuple[str, ...]] = ("traits_email", "context_email")

    traits_email: Address = inside("traits", "email")
    context_email: Address = inside("context", "traits", "email")
    properties_email: Address = inside("properties", "email")
    previous_id: Id = None
    anonymous_id: Id = Field(default=None, description="the device or browser")
    user_id: Id = Field(default=None, validate_default=True, description="the person's account")
    group_id: Id = None
    message_id: Id = Field(default=None, description="what tells a retry from a new message")
    name: Words = None
    category: Words = None
    timestamp: Time = Field(default=None, description="when it happened; without it, when it was received")
    original_timestamp: Time = None
    sent_at: Time = Field(default=None, description="when it was sent, by the sender's clock; corrects the other times")
    properties: ExactObject = Field(default_factory=dict)
    traits: ExactObject = Field(default_factory=dict, description="such as `email`, `phone`, `email_marketing_consent`")
    context: ExactObject = Field(
        default_factory=dict,
        description="`traits`, `page`, `consent.categoryPreferences.marketing` …; see docs/sources.md",
    )
    event: Words = None
    integrations: PlainObject = Field(
        default_factory=dict,
        description="the `user_hash` that an integration such as Intercom is given proves the `userId` here too",
    )
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
    """Who a person is and what is known of them; what the device reports is in `context`."""

    kind = "identify"
    title = "Identified"
    own_fields = ("traits",)
    locale: Text = inside("context", "locale")
    timezone: Any = inside("context", "timezone")


class Track(SdkMessage):
    """Something that a person did."""

    kind = "track"
    own_fields = ("event", "properties")
    addresses = ("traits_email", "context_email", "properties_email")
    event: EventName = Field(description="such as `Order Completed`")


class Page(SdkMessage):
    """A page that a person viewed in a browser."""

    kind = "page"
    title = "Page Viewed"
    own_fields = ("name", "category", "properties")


class Screen(SdkMessage):
    """A screen that a person viewed in an app."""

    kind = "screen"
    title = "Screen Viewed"
    own_fields = Page.own_fields


class Group(SdkMessage):
    """The company or group that a person belongs to; `traits` are the group's."""

    kind = "group"
    title = "Group Joined"
    own_fields = ("group_id", "traits")
    addresses = ("context_email",)
    group_id: NeededId
    traits: ExactObject = Field(default_factory=dict, description="what is known of the group")

    @property
    def consents(self) -> tuple[Consent | None, ...]:
        """Every statement about marketing e-mail that concerns the person, not the group."""
        own, _group, category = super().consents
        return own, category


class Alias(SdkMessage):
    """Two identifiers of one person: `previousId` means the person of `userId`, in the past too."""

    kind = "alias"
    title = "Aliased"
    own_fields = ("previous_id",)
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
    historical: Flag = Field(
        default=None,
        description="with the server key: what happened before updates profiles, and sends and starts nothing",
    )
    # As it was written, for a message that is put aside.
    sent_at_text: Any = Field(default=None, validation_alias="sentAt")


# What OpenAPI describes of every message.
COMMON_FIELDS = (
    "user_id",
    "anonymous_id",
    "message_id",
    "timestamp",
    "original_timestamp",
    "sent_at",
    "context",
    "integrations",
)
MODELS: Mapping[str, type[SdkMessage]] = {model.kind: model for model in (Identify, Track, Page, Screen, Group, Alias)}
