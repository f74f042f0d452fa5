"""One webhook of Shopify: its headers, its body, and how it becomes an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from functions.core.base import money
from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Consent, Event
from functions.core.base.intake import Request
from functions.sources.event_parts import compact, message_id, stamp
from functions.sources.fields import instant
from functions.sources.payload import understand
from functions.sources.shopify.headers import header
from functions.sources.shopify.models.body import Body

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Webhook(Generic[B]):
    """One webhook: its topic, its body, who delivered it and when.

    ``message`` is the delivery's id, ``triggered`` when Shopify made it (milliseconds UTC), ``received`` when it came
    (seconds UTC), ``currency`` the shop's.
    """

    topic: str
    body: B
    message: str
    triggered: int | None
    received: int
    currency: str
    domain: str

    def event(
        self,
        name: str,
        at: int | None,
        identifiers: tuple[str, ...],
        properties: Mapping[str, Any],
        *,
        traits: Mapping[str, Any] | None = None,
        consent: Consent | None = None,
        natural: str | None = None,
        revision: int = 0,
        key: str = "",
    ) -> Event:
        """An event at the body's time ``at`` (milliseconds UTC); its key is the same for every delivery."""
        if not identifiers:
            raise NotUnderstood(f"{self.topic}: the body names nobody")
        moment = at if at is not None else self.triggered
        return Event(
            name=name,
            time=self.received if moment is None else min(moment // 1000, self.received),
            received=self.received,
            identifiers=identifiers,
            sort=f"{stamp(moment)}#{key or f'{self.message}:{self.topic}:{name}'}",
            source="shopify",
            properties=money.normalise(compact(properties), self.currency),
            traits=traits or {},
            consent=consent,
            natural=natural,
            revision=revision,
        )


def read(request: Request, topic: str, model: type[B], body: Any) -> Webhook[B]:
    """Validate a webhook; raises NotUnderstood with the faults of the body."""
    payload = understand(model, body, topic)
    message = header(request, "shopify-event-id") or header(request, "shopify-webhook-id")
    return Webhook(
        topic=topic,
        body=payload,
        message=message_id(message, request.body),
        triggered=instant(header(request, "shopify-triggered-at")),
        received=request.received,
        currency=payload.shop_currency or request.currency,
        domain=header(request, "shopify-shop-domain").lower(),
    )
