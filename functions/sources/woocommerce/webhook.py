"""One webhook of WooCommerce: its headers and its body."""

from typing import Any, TypeVar

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request
from functions.sources.event_parts import digest
from functions.sources.payload import understand
from functions.sources.webhook import Webhook
from functions.sources.woocommerce.models.kinds import Body
from functions.sources.woocommerce.stores import store_fault

B = TypeVar("B", bound=Body)


def read(request: Request, topic: str, model: type[B], body: Any) -> Webhook[B]:
    """Validate a webhook.

    The delivery id in its headers is no key: two deliveries of one second share it, and it is not signed. Raises
    NotUnderstood with the faults of the body, or if its fields do not prove it to be of the topic.
    """
    payload = understand(model, body, topic)
    if fault := model.shape.fault(body) or store_fault(request, payload.link):
        raise NotUnderstood(f"{topic}: {fault}")
    return Webhook(
        source="woocommerce",
        topic=topic,
        body=payload,
        message=digest(request.body),
        triggered=None,
        received=request.received,
        currency=getattr(payload, "currency", None) or request.currency,
    )
