"""The data for previews and checks of templates: the template's own sample, or a small cart."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.events import Event
from functions.core.base.money import normalise
from functions.core.messages.context import Facts, Shop
from functions.core.messages.markup import nearest

KEYS = ("traits", "event", "shop", "email", "segment")
EVENT_KEYS = ("name", "properties")
SHOP_KEYS = ("name", "url", "address", "currency", "locale")
_EMAIL = "ann@example.org"
_SHOP = {"name": "Our shop", "url": "https://shop.example", "address": "1 High Street, Springfield"}
_EVENT: Mapping[str, Any] = {
    "name": "Checkout Started",
    "properties": {
        "checkout_url": "https://shop.example/checkout/1",
        "total": Decimal("29.90"),
        "products": [{"product_id": "1", "name": "A thing", "quantity": 1, "price": Decimal("29.90")}],
    },
}


def check(sample: Any) -> list[Fault]:
    """The faults in the structure of a sample."""
    if not isinstance(sample, Mapping):
        return [Fault("a sample is a mapping", "sample")]
    faults = _keys(sample, KEYS, "sample")
    for name, keys in (("traits", None), ("event", EVENT_KEYS), ("shop", SHOP_KEYS)):
        inner = sample.get(name, {})
        if not isinstance(inner, Mapping):
            faults.append(Fault(f"{name} is a mapping", f"sample.{name}"))
        elif keys:
            faults += _keys(inner, keys, f"sample.{name}")
    return faults


def facts(sample: Mapping[str, Any], kind: str = "marketing") -> Facts:
    """The facts for a checked sample, with defaults for what it leaves out. Its amounts are in major units."""
    shop = Shop(**{name: str(value) for name, value in {**_SHOP, **sample.get("shop", {})}.items()})
    event = {**_EVENT, **sample.get("event", {})}
    email = str(sample.get("email", _EMAIL))
    properties = normalise(event["properties"], shop.currency) if isinstance(event["properties"], Mapping) else {}
    return Facts(
        shop=shop,
        email=email,
        unsubscribe_url=f"{shop.url}/u/sample" if kind == "marketing" else "",
        event=Event(str(event["name"]), 0, 0, (f"email:{email}",), "sample", "sample", properties),
        traits=sample.get("traits", {"first_name": "Ann"}),
        segment=str(sample.get("segment", "")),
    )


def _keys(sample: Mapping[str, Any], keys: tuple[str, ...], where: str) -> list[Fault]:
    return [
        Fault(f"{name!r} is not known here", f"{where}.{name}", suggestion=nearest(str(name), keys) or ", ".join(keys))
        for name in sample
        if name not in keys
    ]
