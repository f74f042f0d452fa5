"""Customers, what they allow, and what the law lets them ask for."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Consent, Event
from functions.core.base.intake import Translation
from functions.core.base.tasks import ErasePeople, EraseShop
from functions.sources.event_parts import compact, names
from functions.sources.fields import instant, mapping, text
from functions.sources.shopify.told import Webhook, person

STATEMENTS: Mapping[str, Consent] = {
    "subscribed": "subscribed",
    "pending": "pending",
    "unsubscribed": "unsubscribed",
}
# States in which nobody has said anything about e-mail.
SILENT = ("not_subscribed", "redacted", "invalid")


def created(told: Webhook) -> Translation:
    """customers/create."""
    return _customer(told, "Customer Created", told.moment("created_at", "updated_at"))


def updated(told: Webhook) -> Translation:
    """customers/update."""
    return _customer(told, "Customer Updated", told.moment("updated_at", "created_at"))


def _customer(told: Webhook, name: str, at: int) -> Translation:
    event = told.event(name, at, person(told.body), {}, traits=traits(told.body))
    return Translation((event, *consents(told, told.body, event.identifiers, yes=at, no=at)))


def traits(customer: Mapping[str, Any], address: Any = None, locale: Any = None) -> dict[str, Any]:
    """What is known of a customer, filled up from the billing address of a guest."""
    home = mapping(customer.get("default_address")) or mapping(address)
    known = compact(
        {
            "email": text(customer.get("email")),
            "first_name": text(customer.get("first_name")) or text(home.get("first_name")),
            "last_name": text(customer.get("last_name")) or text(home.get("last_name")),
            "phone": text(customer.get("phone")),
            "city": text(home.get("city")),
            "province": text(home.get("province")),
            "zip": text(home.get("zip")),
            "country": text(home.get("country")),
            "country_code": text(home.get("country_code")),
            "locale": text(customer.get("locale")) or text(locale),
        }
    )
    tags = customer.get("tags")
    if isinstance(tags, str):
        known["tags"] = [tag.strip() for tag in tags.split(",") if tag.strip()][:100]
    return known


def consents(
    told: Webhook, customer: Mapping[str, Any], identifiers: tuple[str, ...], *, yes: int | None, no: int | None
) -> list[Event]:
    """The customer's statement about marketing e-mail, as an event of its own at the instant it was made.

    Every later order repeats the statement. Dated by the order, an old yes would undo a newer no; dated and keyed by
    itself, a repetition is the same row of the log. Undated, a yes is as old as it may be (``yes``) and a
    no as new (``no``), in milliseconds or None for the time of the delivery.
    """
    statement = mapping(customer.get("email_marketing_consent"))
    state = statement.get("state")
    consent = STATEMENTS.get(state) if isinstance(state, str) else None
    if consent is None or not identifiers:
        return []
    made = instant(statement.get("consent_updated_at"))
    at = made if made is not None else no if consent == "unsubscribed" else yes
    key = f"consent:{consent}" if made is not None else ""
    return [told.event("Consent Changed", at, identifiers, {"channel": "email"}, consent=consent, key=key)]


def consent_changed(told: Webhook) -> Translation:
    """customers_email_marketing_consent/update; the older topic without ``email`` tells of text messages only."""
    body = told.body
    if "email_marketing_consent" not in body:
        return Translation(unused=told.topic)
    statement = mapping(body["email_marketing_consent"])
    state = statement.get("state")
    if state is None or state in SILENT:
        return Translation(unused=told.topic)
    if state not in STATEMENTS:
        raise NotUnderstood(f"{told.topic}: email_marketing_consent.state is not a known state")
    identifiers = names(
        ("email", body.get("email_address") or body.get("email")),
        ("shopify", body.get("customer_id") or body.get("id")),
    )
    if not identifiers:
        raise NotUnderstood(f"{told.topic}: the body names nobody")
    return Translation(tuple(consents(told, body, identifiers, yes=None, no=None)))


def data_requested(told: Webhook) -> Translation:
    """customers/data_request."""
    orders = told.body.get("orders_requested")
    properties = {
        "request_id": text(mapping(told.body.get("data_request")).get("id")),
        "orders": [text(order) for order in orders if text(order)] if isinstance(orders, list) else [],
    }
    return Translation((told.event("Data Requested", None, person(mapping(told.body.get("customer"))), properties),))


def redacted(told: Webhook) -> Translation:
    """customers/redact."""
    orders = told.body.get("orders_to_redact")
    identifiers = (
        *person(mapping(told.body.get("customer"))),
        *names(*(("shopify_order", order) for order in (orders if isinstance(orders, list) else []))),
    )
    if not identifiers:
        raise NotUnderstood(f"{told.topic}: the body names nobody")
    return Translation(erasures=(ErasePeople(identifiers),))


def shop_redacted(told: Webhook) -> Translation:
    """shop/redact."""
    return Translation(erasures=(EraseShop(told.required("shop_domain")),))
