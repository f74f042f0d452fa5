"""Erase a whole shop, as its storefront asked: only once the shop's owner has confirmed it."""

from dataclasses import replace
from typing import Any

from functions.core.base import rfc3339
from functions.core.base.domains import domain, domains
from functions.core.base.errors import Fault, Malformed, NotFound
from functions.core.base.shop_erasure import ShopErasure
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.erasures import EraseShop
from functions.usecases.context import Context


def requests(context: Context) -> list[ShopErasure]:
    """The latest request for each domain of the setting ``shop_domain`` for which there was one."""
    stored = (context.ports.erasures.shop(shop) for shop in domains(context.settings.shop_domain))
    return [request for request in stored if request]


def listing(context: Context) -> dict[str, Any]:
    """The requests as the API shows them."""
    return {"items": [_view(request) for request in requests(context)]}


def confirm(context: Context, written: str, author: str) -> dict[str, Any]:
    """Queue the erasure of everybody, which the storefront has asked for; may be repeated.

    Raises Malformed for a domain that is not the shop's, and NotFound if its erasure was not asked for.
    """
    shop = domain(written)
    if shop not in domains(context.settings.shop_domain):
        right = context.settings.shop_domain or None
        wrong = "is not a domain of the setting shop_domain" if right else "the setting shop_domain is not set"
        raise Malformed(Fault(wrong, "confirm", suggestion=right))
    request = context.ports.erasures.shop(shop)
    if request is None:
        raise NotFound(Fault("the storefront has not asked for the erasure of this shop", "confirm"))
    # Queued first: a request that is recorded as confirmed was carried out, or is being.
    context.ports.queues.send([Dispatch(EraseShop(shop))])
    context.ports.erasures.confirm(shop, context.now, author)
    return _view(replace(request, confirmed=context.now, author=author))


def due(context: Context) -> int:
    """How many requests still wait although their legal term ends soon."""
    return sum(request.is_due(context.now) for request in requests(context))


def _view(request: ShopErasure) -> dict[str, Any]:
    return {
        "shop": request.shop,
        "asked": rfc3339.text(request.asked),
        "before": rfc3339.text(request.ends),
        "confirmed": rfc3339.text(request.confirmed) if request.confirmed else None,
        "author": request.author or None,
    }
