"""SES's report on a message as it publishes it on a topic: the fields that are read."""

from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from functions.sources.fields import Instant, Object, Objects, Text, text
from functions.sources.payload import Payload

LINK = 2048


def _tag(value: Any) -> str:
    """The first value of a tag, which SES writes as a list."""
    return (text(value[0], 512) or "") if isinstance(value, list) and value else ""


def _address(value: Any) -> str | None:
    """The address in ``Ann <ann@x.org>``."""
    written = text(value, 512)
    return written.rpartition("<")[2].rstrip("> ") if written else None


def _addresses(value: Any) -> list[str]:
    return [address for address in map(_address, value) if address] if isinstance(value, list) else []


Tag = Annotated[str, BeforeValidator(_tag)]
Address = Annotated[str | None, BeforeValidator(_address)]


class Record(Payload):
    """An object of SES with names in camel case."""

    model_config = ConfigDict(alias_generator=to_camel)


class Mail(Record):
    """The message that the event is about; ``profile`` and ``cause`` are our tags, empty if absent."""

    message_id: Annotated[str | None, BeforeValidator(lambda value: text(value, 200))] = None
    timestamp: Instant = None
    destination: Annotated[list[str], BeforeValidator(_addresses)] = Field(default_factory=list)
    subject: Text = Field(default=None, validation_alias=AliasPath("commonHeaders", "subject"))
    profile: Tag = Field(default="", validation_alias=AliasPath("tags", "profile"))
    cause: Tag = Field(default="", validation_alias=AliasPath("tags", "cause"))


class Report(Record):
    """What every report says; the older form of a notification names its type in another field."""

    event_type: Text = None
    notification_type: Text = None
    mail: Object[Mail] = Field(default_factory=Mail)


class Happening(Record):
    """The part of the detail that its type names: what happened to the message, and when."""

    timestamp: Instant = None


class Click(Happening):
    """A click on a link."""

    link: Annotated[str | None, BeforeValidator(lambda value: text(value, LINK))] = None


class Recipient(Record):
    """A recipient of a bounce or complaint."""

    email_address: Address = None


class Bounce(Happening):
    """A receiving server refused the message, for good (``Permanent``) or for now."""

    bounce_type: Text = None
    bounce_sub_type: Text = None
    bounced_recipients: Objects[Recipient] = Field(default_factory=list)


class Complaint(Happening):
    """A recipient marked the message as spam or, with ``not-spam``, took it out of the spam folder."""

    complaint_feedback_type: Text = None
    complained_recipients: Objects[Recipient] = Field(default_factory=list)


class Delay(Happening):
    """The receiving server has delayed the message."""

    delay_type: Text = None
