"""Which shop a webhook is about: several shops may have installed one app, whose secret signs the webhooks of all."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.domains import domain
from functions.core.base.translation import Request
from functions.sources.fields import text
from functions.sources.shopify.headers import header

HEADER, FIELD = "X-Shopify-Shop-Domain", "shop_domain"


def shop_of(request: Request) -> str:
    """The domain in the header, which is not signed; empty if there is none."""
    return domain(header(request, "shopify-shop-domain"))


def shop_fault(request: Request, body: Mapping[str, Any]) -> str:
    """Why the webhook is not this shop's; empty if it may be, or if the shop has not said its domain.

    Only requests under privacy law name the shop in the body, which is signed. A header that is missing says as much as
    one that whoever repeats the body has written, so what is named must be this shop and must agree.
    """
    in_header, in_body = shop_of(request), domain(text(body.get(FIELD)) or "")
    if in_header and in_body and in_header != in_body:
        return f"{HEADER} is another shop's than {FIELD} in the body"
    if not request.shops or (in_body or in_header or request.shops[0]) in request.shops:
        return ""
    return f"{FIELD if in_body else HEADER} is not a domain of the setting shop_domain"
