"""The event that a message is about, with the words that it may show."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from functions.core.base.events import Event
from functions.core.base.product import Product
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Run
from functions.core.messages import public_events
from functions.core.messages.safety import plain
from functions.core.messages.shop_links import ShopLinks
from functions.core.messages.template_variables import product_ids
from functions.core.timelines import carts
from functions.usecases.context import Context


class Subject(NamedTuple):
    """What a message is about: its event, if it has one, and the catalogue's products of that, by id."""

    event: Event | None = None
    products: Mapping[str, Product] = {}


def subject(context: Context, run: Run, flow: Flow, tail: Iterable[Event], links: ShopLinks) -> Subject:
    """What the run's message is about, with words of the shop alone and with links to it alone.

    Words that the shop itself did not say come from its catalogue, or are left out.
    """
    event, sources = _event(run, flow, tuple(tail))
    if event is None:
        return Subject()
    ids = product_ids(event)
    catalogue = context.ports.products.get(ids) if ids else {}
    links = links.beside(catalogue.values())
    products = {name: links.of_product(product, context.settings.shop_url) for name, product in catalogue.items()}
    event = public_events.shown(event, sources, products, context.settings.shop_currency)
    return Subject(replace(event, properties=links.kept(plain(event.properties))), products)


def _event(run: Run, flow: Flow, events: tuple[Event, ...]) -> tuple[Event | None, tuple[Event, ...]]:
    """The newest event that started the run, one that names products before one that does not; and all it is made of.

    Of a cart it says all that is in it. A cart does not say where its checkout is; the newest event of the run that
    does, says it for all.
    """
    started = sorted((event for event in events if flows.belongs(flow, event, run.entry)), key=_telling)
    if not started:
        return None, ()
    cart = tuple(map(public_events.bare, flows.of_cart(flow, events, run.entry)))
    of_the_run = tuple(map(public_events.bare, started))
    newest = _with_content(of_the_run[-1], carts.content(cart))
    sources = (*cart, *of_the_run)
    currency = [{"currency": used} for event in sources if (used := event.properties.get("currency"))]
    links = [{"checkout_url": url} for event in of_the_run if (url := event.properties.get("checkout_url"))]
    shared: dict[str, Any] = {**dict(*currency[-1:]), **dict(*links[-1:])}
    return replace(newest, properties={**shared, **newest.properties}), sources


def _with_content(event: Event, cart: carts.CartContent | None) -> Event:
    """The event with everything that is in its cart, and without totals that steps since have outdated."""
    if cart is None:
        return event
    if cart.whole_event:
        return cart.whole_event
    own = {name: value for name, value in event.properties.items() if name not in carts.TOTALS}
    return replace(event, properties={**own, "products": list(cart.lines)})


def _telling(event: Event) -> tuple[bool, int]:
    return bool(event.properties.get("products")), event.revision or event.time
