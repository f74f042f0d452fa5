"""The text format of a template.

id: cart-recovery-1
name: Cart recovery, first reminder
kind: marketing               # or transactional, which carries no unsubscribe link
subject: 'You left something, {{ first_name | default: "friend" }}'
preheader: Your cart is saved.   # what inboxes show after the subject
because: you left a cart with us  # the footer's "You get this because …"
body: |                       # MJML, the content of mj-body; Liquid anywhere; the footer is added
  <mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>
text: Hello                   # the text part; made from the body where it is missing
head: |                       # the content of mj-head: mj-attributes, mj-style, mj-font
strict: true                  # unknown names of properties and traits are refused
sample:                       # what the check at save and previews render it with
  traits: {first_name: Ann}
  event: {name: Checkout Started, properties: {total: 12.50}}
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from functions.core.base.errors import Fault
from functions.core.base.keys import nearest_key
from functions.core.base.limits import (
    LONGEST_BECAUSE,
    LONGEST_BODY,
    LONGEST_HEAD,
    LONGEST_PLAIN_TEXT,
    LONGEST_PREHEADER,
    LONGEST_SUBJECT,
)
from functions.core.base.model import DefinitionModel, Id, Strict, Whole, Words
from functions.core.definitions.document import read
from functions.core.definitions.loading import load
from functions.core.definitions.template_body import compiled
from functions.core.messages import advice

Filled = Annotated[str, Field(min_length=1)]


class PartOfTemplate(DefinitionModel):
    """A mapping of a template: unknown keys are told as unknown tokens are, with all that there are."""

    @classmethod
    def strange(cls, name: str) -> Fault:
        """The fault of an unknown key; suggests the nearest key, or lists all."""
        keys = cls.written()
        return Fault(f"{name!r} is not known here", name, suggestion=nearest_key(name, keys) or ", ".join(keys))


class SampleEvent(PartOfTemplate):
    """The event that the message is about."""

    name: str = ""
    properties: dict[str, Any] = Field(default_factory=dict)


class SampleShop(PartOfTemplate):
    """The shop that sends the message."""

    name: str = ""
    url: str = ""
    address: str = ""
    currency: str = ""
    locale: str = ""


class Sample(PartOfTemplate):
    """The facts that previews and the check render a template with; what is left out has a default."""

    shape: ClassVar[Fault] = Fault("a sample is a mapping")

    traits: dict[str, Any] = Field(default_factory=dict)
    event: SampleEvent = Field(default_factory=SampleEvent)
    shop: SampleShop = Field(default_factory=SampleShop)
    email: str = ""
    segment: str = ""


class Template(PartOfTemplate, Whole):
    """The subject and the content of an e-mail."""

    model_config = ConfigDict(title="Segue template")

    id: Id
    name: Words
    description: Words | None = None
    kind: Annotated[Literal["marketing", "transactional"], Field(description="marketing has an unsubscribe link")]
    subject: Annotated[Filled, Field(max_length=LONGEST_SUBJECT)]
    preheader: Annotated[
        str, Field(max_length=LONGEST_PREHEADER, description="what inboxes show after the subject")
    ] = ""
    because: Annotated[str, Field(max_length=LONGEST_BECAUSE, description="the footer's “You get this because …”")] = ""
    content: Annotated[
        Filled,
        Field(alias="body", max_length=LONGEST_BODY, description="MJML, the content of mj-body, with Liquid"),
    ]
    text: Annotated[
        str,
        Field(max_length=LONGEST_PLAIN_TEXT, description="the text part; made from the body where it is missing"),
    ] = ""
    head: Annotated[str, Field(max_length=LONGEST_HEAD, description="the content of mj-head")] = ""
    sample: Annotated[Sample, Field(description="what it is checked and previewed with")] = Field(
        default_factory=Sample
    )
    strict: Strict = None

    def body(self) -> dict[str, Any]:
        """The body as it is stored; raises DefinitionRefused with the faults of its Liquid and MJML."""
        return compiled(self.model_dump(by_alias=True, exclude_unset=True))


def load_template(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a template; raises DefinitionRefused with every fault and its position."""
    return load(Template, source)


def warnings(text: str) -> list[Fault]:
    """Warnings for a template that passed its check: what recipients would notice, each with its position."""
    document = read(text)
    return list(map(document.place, advice.warnings(document.body)))
