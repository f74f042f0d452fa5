"""The data for previews and checks of templates: the template's own sample, or a small cart."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from functions.core.base.events import Event
from functions.core.base.money import normalise
from functions.core.messages.template_variables import Facts, ShopDetails

_EMAIL, _TOKEN = "ann@example.org", "sample"
_SHOP = {"name": "Our shop", "url": "https://shop.example", "address": "1 High Street, Springfield"}
_EVENT: Mapping[str, Any] = {
    "name": "Checkout Started",
    "properties": {
        "checkout_url": "https://shop.example/checkout/1",
        "total": Decimal("29.90"),
        "products": [{"product_id": "1", "name": "A thing", "quantity": 1, "price": Decimal("29.90")}],
    },
}


def facts(sample: Mapping[str, Any], kind: str = "marketing") -> Facts:
    """The facts for a checked sample, with defaults for what it leaves out. Its amounts are in major units."""
    shop = ShopDetails(**{**_SHOP, **sample.get("shop", {})})
    event = {**_EVENT, **sample.get("event", {})}
    email = sample.get("email", _EMAIL)
    return Facts(
        shop=shop,
        email=email,
        unsubscribe_url=f"{shop.url}/u/sample" if kind == "marketing" else "",
        visit_token=_TOKEN,
        confirm_url=f"{shop.url}/confirm/sample" if kind == "transactional" else "",
        event=Event(
            event["name"], 0, 0, (f"email:{email}",), "sample", "sample", normalise(event["properties"], shop.currency)
        ),
        traits=sample.get("traits", {"first_name": "Ann"}),
        segment=sample.get("segment", ""),
    )
