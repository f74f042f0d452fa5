"""Requests that take events and their answers, as OpenAPI describes them.

Messages of SDKs are described by the models that they are read into; nothing is read into the models here.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, JsonValue, create_model
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from functions.core.base.keys import ID
from functions.handlers.models.base import Answer, Instant, Parameters, left_out
from functions.usecases import sdk_messages
from functions.usecases.collect import STOREFRONTS

HookSource = Annotated[
    str,
    Field(
        description=f"{', '.join(STOREFRONTS)}, or the id of a source that the shop declares",
        json_schema_extra={"pattern": f"^{ID.pattern}$"},
    ),
]
WriteKey = Annotated[str, Field(description="a write key of the shop")]
LinkToken = Annotated[str, Field(description="the token of an unsubscribe link")]
# What a storefront sends, in the shapes of its own.
Webhook = Annotated[JsonValue, Field(description="the body as the storefront makes it, its bytes signed")]


class SdkRequest(BaseModel):
    """A request of an SDK; further fields are ignored, null is the same as an absent field."""

    model_config = ConfigDict(defer_build=True, alias_generator=AliasGenerator(alias=to_camel))

    write_key: str | None = Field(None, description="the write key, where Basic authorisation does not hold it")


def _request(model: type[sdk_messages.SdkMessage]) -> type[SdkRequest]:
    """The request with one message, made of the fields of the model that it is read into."""
    names = (*sdk_messages.COMMON_FIELDS, *model.own_fields)
    return create_model(model.__name__, __base__=SdkRequest, __doc__=model.__doc__, **_fields(model, names))


def _fields(model: type[sdk_messages.SdkMessage], names: Iterable[str]) -> dict[str, Any]:
    """The fields as ``create_model`` takes them: their JSON Schema and description; every default is None."""
    return {name: _field(model.model_fields[name]) for name in names}


def _field(field: FieldInfo) -> tuple[Any, FieldInfo]:
    default: Any = ... if field.is_required() else None
    return Annotated[field.annotation, *field.metadata], Field(default, description=field.description)


# The request with one message, by the message's kind; each model has a class of its own for it.
REQUESTS: Mapping[str, type[SdkRequest]] = {kind: _request(model) for kind, model in sdk_messages.MODELS.items()}
_BatchMessage = create_model(
    "BatchMessage",
    __config__=SdkRequest.model_config,
    __doc__="A message of any kind, with the fields of its kind.",
    **_fields(sdk_messages.SdkMessage, sdk_messages.COMMON_FIELDS),
    type=(str, Field(json_schema_extra={"enum": list(REQUESTS)})),
)
_SIZES = f"At most {sdk_messages.MOST:,} messages and 500 KB after unpacking, and 32 KB each."
Batch = create_model(
    "Batch",
    __base__=SdkRequest,
    __doc__=f"Several messages, taken all or none.\n\n{_SIZES}",
    **_fields(sdk_messages.SdkMessage, ("sent_at",)),
    batch=(list[_BatchMessage], Field(max_length=sdk_messages.MOST)),  # type: ignore[valid-type]
)


class Accepted(Answer):
    """What was sent is in the log; what is genuine but was not understood is in quarantine."""

    success: Literal[True]


class AudienceSegment(Answer):
    """A segment that the visitor is in."""

    id: str
    until: Instant | None = Field(
        description="until when the visitor is in it at least, if nothing happens; null if time alone never ends it"
    )


class Audience(Answer):
    """The segments that the visitor is in, of those that the shop has opened to its page."""

    segments: list[AudienceSegment]


# The query of the same; a write key may also stand in Basic authorisation.
AudienceQuery = create_model(
    "AudienceQuery",
    __base__=Parameters,
    writeKey=(str | None, Field(None, description="the public write key, where Basic authorisation does not hold it")),
    anonymousId=(str | None, Field(None, description="the device of the visitor, as SDKs name it")),
    userId=(str | None, Field(None, description="the person, in place of the device")),
    user_hash=(
        str | None,
        Field(None, description="the HMAC-SHA256 of the user id in hex, made by the shop's server with `identity-key`"),
    ),
)


class SdkSettings(Answer):
    """The settings that the browser SDK reads before it sends anything: where to send to."""

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
