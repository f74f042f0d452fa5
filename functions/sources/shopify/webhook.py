"""One webhook of Shopify: its headers and its body."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request
from functions.sources import webhook
from functions.sources.event_parts import digest
from functions.sources.fields import instant
from functions.sources.payload import understand
from functions.sources.shopify.headers import header
from functions.sources.shopify.models.body import Body
from functions.sources.shopify.shops import shop_fault, shop_of

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Webhook(webhook.Webhook[B], Generic[B]):
    """One webhook, with the ``domain`` that its header says and the ``shops`` that the setting ``shop_domain`` says."""

    domain: str
    shops: tuple[str, ...] = ()


def read(request: Request, topic: str, model: type[B], body: Any) -> Webhook[B]:
    """Validate a webhook.

    Raises NotUnderstood with the faults of the body, or if its fields do not prove it to be of the topic.
    """
    payload = understand(model, body, topic)
    if fault := model.shape.fault(body) or shop_fault(request, body):
        raise NotUnderstood(f"{topic}: {fault}")
    return Webhook(
        source="shopify",
        topic=topic,
        body=payload,
        message=digest(request.body),
        triggered=instant(header(request, "shopify-triggered-at")),
        received=request.received,
        currency=payload.shop_currency or request.currency,
        domain=shop_of(request),
        shops=request.shops,
    )
