"""The text format of a source that a shop declares: webhooks of any sender, without code (docs/any-webhook.md).

id: till                              # the word in the path: POST /hooks/till
name: The till
signature: {scheme: hmac-sha256, header: X-Till-Signature, encoding: hex}
trust: signed                         # or public, for forms that everybody can fill in
largest: 64000                        # bytes of a body
identity: receipt.id                  # the body's own id; without it the digest of the body
ignore: type == 'ping'                # acknowledged, and nothing comes of it
events:
  - when: type == 'sale'              # every event whose condition holds comes of the body
    event: Store Purchase
    time: instant(sold_at)
    person: {email: customer.email}
    properties: {order_id: text(receipt.id), total: money(total, currency), currency: currency}
    traits: {first_name: customer.name}
    consent: customer.newsletter      # subscribed, unsubscribed, pending or null
samples:                              # each event has to come of one of them, or the text is refused
  - body: {type: sale, receipt: {id: 7}, sold_at: 2026-11-21T18:00:00Z, …}
    expect: [{event: Store Purchase, person: [email:ann@example.org]}]
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.identity import NAMESPACES, VISITOR
from functions.core.base.limits import MOST_FAULTS
from functions.core.base.model import DefinitionModel, Id, Whole, Words
from functions.core.base.model_faults import Checked, Complaints, Parsed, Says
from functions.core.base.spelling import nearest
from functions.core.definitions.loading import load
from functions.core.definitions.source_samples import Sample, sample_faults
from functions.core.mappings.expression import LONGEST_EXPRESSION, parse
from functions.core.mappings.mapping import compile_mapping
from functions.core.mappings.signature import SETTINGS, TOLERANCE, USUAL_BODY, Encoding, Scheme

MOST_RULES = 20
MOST_NAMES = 100
LARGEST_BODY = 1_000_000
# Senders that have a source of their own, and the word by which sources like these are turned on.
RESERVED = frozenset({"shopify", "woocommerce", "stripe", "segment", "ses", "declared"})
# A claim of the public names a device, an account or an address (docs/security.md).
PUBLIC_NAMES = ("email", "user_id", "anonymous_id")
_NAMES = tuple(name for name in NAMESPACES if name != VISITOR)


def _expression(text: Any) -> Any:
    parse(text)
    return text


def _not_reserved(value: Any) -> Complaints:
    if value in RESERVED:
        yield f"{value!r} is the name of a source that Segue has", f"my-{value}"


def _namespaces(value: Any) -> Complaints:
    for name in value if isinstance(value, dict) else ():
        if name not in _NAMES:
            yield f"{name!r} is no kind of identifier; there are {', '.join(_NAMES)}", nearest(name, _NAMES)


Expression = Annotated[
    str,
    Parsed(_expression),
    Field(min_length=1, max_length=LONGEST_EXPRESSION, description="an expression of JMESPath"),
]
ByName = Annotated[dict[str, Expression], Field(max_length=MOST_NAMES), Says("{name} is names with expressions")]
HeaderName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"),
    Says("a header is letters, digits and hyphens", "X-Signature"),
]


class Signature(DefinitionModel):
    """How the sender proves that it sent a body; the secret is none of the definition."""

    what: ClassVar[str] = "a signature"
    shape: ClassVar[Fault] = Fault(
        "a signature says its scheme", suggestion="{scheme: hmac-sha256, header: X-Signature, encoding: hex}"
    )

    scheme: Annotated[Scheme, Field(description="how a body is signed")]
    header: Annotated[HeaderName, Field(description="the header with the signature or the token")] = ""
    encoding: Annotated[Encoding, Field(description="of the signature")] = "hex"
    prefix: Annotated[str, Field(max_length=40, description="what stands before it, such as sha256=")] = ""
    tolerance: Annotated[
        int,
        Field(ge=1, le=86_400, description="how many seconds old a signature may be"),
        Says("{name} is a number of seconds from 1 to 86400", str(TOLERANCE)),
    ] = TOLERANCE

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterator[Fault]:
        """Yield faults for what belongs to other schemes, and for a header that is missing."""
        scheme = values.get("scheme")
        has = next((settings for name, settings in SETTINGS.items() if name == scheme), None)
        if has is None:
            return
        for key in sorted(values.keys() & {"header", "encoding", "prefix", "tolerance"} - set(has)):
            yield Fault(f"{key} does not belong to {scheme}", key)
        if "header" in has and "header" not in values:
            yield Fault("in which header does it stand?", "header", suggestion="header: X-Signature")


class Rule(DefinitionModel):
    """One event that a body may become."""

    what: ClassVar[str] = "an event of a source"
    shape: ClassVar[Fault] = Fault(
        "an event of a source has a name and a person", suggestion="{event: Store Purchase, person: {email: email}}"
    )

    when: Annotated[Expression, Field(description="the bodies that it comes of; without it all")] = ""
    event: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S"), Says("an event has a name", "Signed Up")]
    time: Annotated[Expression, Field(description="when it happened, such as instant(created_at)")] = ""
    person: Annotated[
        dict[str, Expression],
        Field(min_length=1, json_schema_extra={"propertyNames": {"enum": list(_NAMES)}}),
        Checked(_namespaces),
        Says("person is one identifier or more", "{email: customer.email}"),
    ]
    properties: ByName = Field(default_factory=dict)
    traits: ByName = Field(default_factory=dict)
    consent: Annotated[
        Expression,
        Field(description="about marketing e-mail: 'subscribed', 'unsubscribed', 'pending' or null"),
    ] = ""


class UntriedSource(Whole):
    """A sender of webhooks, how it signs and what its bodies become, whatever its samples say."""

    what: ClassVar[str] = "a source"

    id: Annotated[Id, Checked(_not_reserved)]
    name: Words | None = None
    description: Words | None = None
    signature: Signature
    trust: Annotated[
        Literal["signed", "public"], Field(description="public: what the sender passes on is anybody's claim")
    ] = "signed"
    largest: Annotated[
        int,
        Field(ge=1, le=LARGEST_BODY, description="bytes of a body"),
        Says(f"{{name}} is a number of bytes from 1 to {LARGEST_BODY}", str(USUAL_BODY)),
    ] = USUAL_BODY
    identity: Annotated[Expression, Field(description="the body's own id; without it the body's digest")] = ""
    ignore: Annotated[Expression, Field(description="bodies of which nothing comes")] = ""
    events: Annotated[
        list[Rule],
        Field(min_length=1, max_length=MOST_RULES),
        Says(f"events is a list of 1 to {MOST_RULES}", "[{event: Store Purchase, person: {email: email}}]"),
    ]
    samples: Any = None

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterator[Fault]:
        """Yield a fault for each identifier that the public may not name."""
        if values.get("trust") != "public" or not isinstance(rules := values.get("events"), list):
            return
        for place, rule in enumerate(rules[:MOST_RULES]):
            person = rule.get("person") if isinstance(rule, dict) else None
            for name in sorted((person if isinstance(person, dict) else {}).keys() & set(_NAMES) - set(PUBLIC_NAMES)):
                allowed = ", ".join(PUBLIC_NAMES)
                yield Fault(f"the public names people by {allowed} alone", f"events[{place}].person.{name}")

    def body(self) -> dict[str, Any]:
        """The body as it is stored: without samples."""
        keys = {"id", "name", "description", "trust", "largest", "identity", "ignore"}
        return self.model_dump(include=keys, exclude_unset=True) | {
            "name": self.name or self.id,
            "signature": self.signature.model_dump(exclude_unset=True),
            "events": [each.model_dump(exclude_unset=True) for each in self.events],
        }


class DeclaredSource(UntriedSource):
    """A sender of webhooks: how it signs, and what its bodies become, with samples that show it."""

    model_config = ConfigDict(title="Segue source")

    samples: Annotated[
        list[Sample],
        Field(min_length=1, max_length=MOST_RULES * 2, description="bodies, and what comes of each"),
        Says(f"samples are a list of 1 to {MOST_RULES * 2} bodies with what to expect", "[{body: {…}, expect: […]}]"),
    ]

    def body(self) -> dict[str, Any]:
        """The body as it is stored, without samples; raises DefinitionRefused for those that come to something else."""
        stored = super().body()
        if faults := list(islice(sample_faults(compile_mapping(stored), self.samples), MOST_FAULTS)):
            raise DefinitionRefused(*faults)
        return stored


def load_source(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a declared source; raises DefinitionRefused with every fault and its position."""
    return load(DeclaredSource, source)


def load_untried(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """The same of a text whose samples are missing or wrong; they are not looked at."""
    return load(UntriedSource, source)
