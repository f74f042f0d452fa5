"""Requests that take events and their answers, as OpenAPI describes them; what is sent is checked by its source."""

from typing import Annotated, Any, Literal

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from functions.handlers.models.base import Answer, left_out
from functions.usecases.collect import STOREFRONTS

HookSource = Annotated[str, Field(description="the storefront", json_schema_extra={"enum": list(STOREFRONTS)})]
WriteKey = Annotated[str, Field(description="a write key of the shop")]
LinkToken = Annotated[str, Field(description="the token of an unsubscribe link")]
# Text, or a whole number that is kept as text; at most 512 bytes.
Id = str | int
# With a date, RFC 3339: "2026-11-21T19:13:05.114Z".
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
# What a storefront sends, in the shapes of its own.
Webhook = Annotated[JsonValue, Field(description="the body as the storefront makes it, its bytes signed")]


class Sent(BaseModel):
    """What SDKs send: further names are kept out of the way, null is as good as nothing."""

    model_config = ConfigDict(defer_build=True, alias_generator=AliasGenerator(alias=to_camel))


class Keyed(Sent):
    """What a request itself says, beside its message."""

    write_key: str | None = Field(None, description="the write key, where Basic authorisation does not hold it")
    sent_at: Time | None = Field(None, description="when it was sent, by the sender's clock; corrects the other times")


class Common(Sent):
    """What every kind of message has. One of `userId`, `anonymousId` and an address says whom it is about."""

    user_id: Id | None = Field(None, description="the person's account")
    anonymous_id: Id | None = Field(None, description="the device or browser")
    message_id: Id | None = Field(None, description="what tells a retry from a new message")
    timestamp: Time | None = Field(None, description="when it happened; without it, when it was received")
    original_timestamp: Time | None = None
    context: dict[str, Any] | None = Field(
        None, description="`traits`, `page`, `consent.categoryPreferences.marketing` …; see docs/sources.md"
    )


class Identify(Common, Keyed):
    """Who somebody is, and what is known of them."""

    traits: dict[str, Any] | None = Field(None, description="such as `email`, `phone`, `email_marketing_consent`")


class Track(Common, Keyed):
    """Something that a person did."""

    event: str = Field(min_length=1, max_length=200, description="such as `Order Completed`")
    properties: dict[str, Any] | None = None


class Page(Common, Keyed):
    """A page that a person looked at."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None


class Screen(Common, Keyed):
    """A screen of an app that a person looked at."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None


class Group(Common, Keyed):
    """The company or group that a person belongs to."""

    group_id: Id
    traits: dict[str, Any] | None = Field(None, description="what is known of the group")


class Alias(Common, Keyed):
    """Two names of one person: what `previousId` names is `userId` from now on, and always was."""

    previous_id: Id
    user_id: Id


class BatchMessage(Common):
    """A message of any kind, which it says itself."""

    type: Literal["identify", "track", "page", "screen", "group", "alias"]


class Batch(Keyed):
    """Several messages, taken all or none.

    At most 2,500 messages and 500 KB after unpacking, and 32 KB each.
    """

    batch: list[BatchMessage] = Field(max_length=2_500)


class Accepted(Answer):
    """What was sent is in the log; what is genuine but was not understood is in quarantine."""

    success: Literal[True]


class SdkSettings(Answer):
    """What the browser SDK asks for before it sends anything: where to send to."""

    integrations: dict[str, Any]


class IntakeFault(Answer):
    """One thing that is wrong; what is not known of it is left out."""

    where: str = left_out("the field, as `batch[3].timestamp`; the header, or `body`")
    line: int = left_out()
    column: int = left_out()
    message: str
    suggestion: str = left_out()


class IntakeRefusal(Answer):
    """Every fault of a request that was refused.

    A wrong signature and a failure of ours have `error` alone; `code` and `message` are what the Segment SDKs print.
    """

    error: str = Field(description="what kind of refusal: malformed, oversize …")
    code: str = left_out("the same as `error`")
    message: str = left_out("the first fault")
    faults: list[IntakeFault] = left_out()
