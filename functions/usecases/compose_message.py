"""Compose the e-mail of one step: its event, its recipient and its unsubscribe link."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from functions.core.base.events import Event
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Run
from functions.core.messages import mime, render, unsubscribe
from functions.core.messages.records import Message
from functions.core.messages.template_variables import Facts, ShopDetails, product_ids
from functions.core.timelines import carts
from functions.settings import Settings
from functions.usecases.context import Context
from functions.usecases.situation import Situation


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A complete MIME message for SES, its subject, and a text that says why it is sent."""

    raw: bytes
    subject: str
    reason: str


def compose(context: Context, run_situation: Situation, message: Message) -> ComposedMessage:
    """Render the message of the run's step; raises Unsendable if it cannot be rendered for this person."""
    flow, person, settings = run_situation.flow, run_situation.person, context.settings
    template = context.ruleset.templates[message.template]
    event = about(run_situation.run, flow, person.tail)
    link = _unsubscribe_url(context, message) if template["kind"] == "marketing" else ""
    facts = Facts(
        shop=_shop(settings),
        email=message.address,
        unsubscribe_url=link,
        event=event,
        traits={name: trait.value for name, trait in person.attributes.traits.items()},
        products=context.ports.products.get(ids) if (ids := product_ids(event)) else {},
        segment=flow.segment or "",
    )
    rendered = render.render(template, facts)
    envelope = mime.Envelope(
        sender=_sender(settings),
        recipient=message.address,
        reply_to=settings.reply_to,
        unsubscribe_url=link,
        list_id=_list_id(flow, settings) if link else "",
    )
    raw = mime.build(rendered, envelope, now=context.now, seed=f"{message.profile}_{message.cause}")
    return ComposedMessage(raw, rendered.subject, _reason(flow, event))


def about(run: Run, flow: Flow, tail: Iterable[Event]) -> Event | None:
    """The newest event that started the run, one that names products before one that does not.

    Of a cart it says all that is in it. A cart does not say where its checkout is; the newest event of the run that
    does, says it for all.
    """
    events = tuple(tail)
    of_the_run = sorted((event for event in events if flows.belongs(flow, event, run.entry)), key=_telling)
    if not of_the_run:
        return None
    links = [{"checkout_url": url} for event in of_the_run if (url := event.properties.get("checkout_url"))]
    newest = _with_content(of_the_run[-1], carts.content(flows.of_cart(flow, events, run.entry)))
    return replace(newest, properties={**dict(*links[-1:]), **newest.properties})


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


def _reason(flow: Flow, event: Event | None) -> str:
    if flow.segment:
        return f"{'entered' if flow.on == 'enter' else 'left'} {flow.segment}"
    began = event.name if event else flow.name
    return f"{began}, and no {' or '.join(flow.goal)} since" if flow.goal else began


def _unsubscribe_url(context: Context, message: Message) -> str:
    claims = unsubscribe.Claims(message.profile, message.address, message.cause)
    token = unsubscribe.seal(context.ports.secrets.get(unsubscribe.KEY)[0], claims)
    return f"{context.settings.public_url}/u/{token}"


def _shop(settings: Settings) -> ShopDetails:
    return ShopDetails(
        name=settings.shop_name,
        url=settings.shop_url,
        address=settings.shop_address,
        currency=settings.shop_currency,
        locale=settings.shop_language,
        timezone=settings.shop_timezone,
    )


def _sender(settings: Settings) -> str:
    named = "<" in settings.from_address
    return settings.from_address if named else f"{settings.shop_name} <{settings.from_address}>"


def _list_id(flow: Flow, settings: Settings) -> str:
    domain = settings.from_address.rpartition("@")[2].rstrip("> ").lower()
    return f"{flow.id}.{domain}" if domain.isascii() else ""
