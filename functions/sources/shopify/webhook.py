"""One webhook of Shopify: its headers, its body, and how it becomes an event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from functions.core.base import money
from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Consent, Event
from functions.core.base.translation import Request
from functions.sources.event_parts import compact, digest, stamp
from functions.sources.fields import instant
from functions.sources.payload import understand
from functions.sources.shopify.headers import header
from functions.sources.shopify.models.body import Body
from functions.sources.shopify.shops import shop_fault, shop_of

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Person:
    """The person that an event is about, with what the event says of them."""

    identifiers: tuple[str, ...]
    traits: Mapping[str, Any] = field(default_factory=dict)
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What an event reports: the natural key ("order:1001"), and the revision of the report in seconds UTC."""

    natural: str | None = None
    revision: int = 0


UNKEYED = Occurrence()


@dataclass(frozen=True, slots=True)
class Webhook(Generic[B]):
    """One webhook: its topic, its body, who delivered it and when.

    ``message`` is the digest of the body, ``triggered`` when Shopify made it (milliseconds UTC), ``received`` when it
    came (seconds UTC), ``currency`` the shop's, ``domain`` what the header says, ``shops`` what the setting
    ``shop_domain`` says.
    """

    topic: str
    body: B
    message: str
    triggered: int | None
    received: int
    currency: str
    domain: str
    shops: tuple[str, ...] = ()

    def event(
        self,
        name: str,
        at: int | None,
        person: Person,
        properties: Mapping[str, Any],
        occurrence: Occurrence = UNKEYED,
        key: str = "",
    ) -> Event:
        """The event ``name`` at ``at`` (milliseconds UTC), or when the webhook was triggered if ``at`` is None.

        Its sort key is the same for every delivery of the body, whatever the headers say, which are not signed: the
        log has it once. Only a "no" without a date is dated by them also in its key, so that a second one counts.
        ``key`` makes it the same for every webhook that repeats a statement. Amounts in ``properties`` are in major
        units. Raises NotUnderstood without an identifier.
        """
        if not person.identifiers:
            raise NotUnderstood(f"{self.topic}: the body names nobody")
        moment = at if at is not None else self.triggered
        dated = moment if person.consent == "unsubscribed" else at
        return Event(
            name=name,
            time=self.received if moment is None else min(moment // 1000, self.received),
            received=self.received,
            identifiers=person.identifiers,
            sort=f"{stamp(dated)}#{key or f'{self.message}:{self.topic}:{name}'}",
            source="shopify",
            properties=money.normalise(compact(properties), self.currency),
            traits=person.traits,
            consent=person.consent,
            natural=occurrence.natural,
            revision=occurrence.revision,
        )


def read(request: Request, topic: str, model: type[B], body: Any) -> Webhook[B]:
    """Validate a webhook.

    Raises NotUnderstood with the faults of the body, or if its fields do not prove it to be of the topic.
    """
    payload = understand(model, body, topic)
    if fault := model.shape.fault(body) or shop_fault(request, body):
        raise NotUnderstood(f"{topic}: {fault}")
    return Webhook(
        topic=topic,
        body=payload,
        message=digest(request.body),
        triggered=instant(header(request, "shopify-triggered-at")),
        received=request.received,
        currency=payload.shop_currency or request.currency,
        domain=shop_of(request),
        shops=request.shops,
    )
