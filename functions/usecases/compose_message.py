"""Compose the e-mail of one step: its event, its recipient and its unsubscribe link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.base.domains import domains
from functions.core.base.events import Event
from functions.core.flows.flow import Flow
from functions.core.messages import mime, render, shown_traits, unsubscribe, visit
from functions.core.messages.public_events import is_the_shops
from functions.core.messages.records import Message
from functions.core.messages.shop_links import ShopLinks, domain_of, host_of, ports_of
from functions.core.messages.template_variables import Facts, ShopDetails
from functions.settings import Settings
from functions.usecases.context import Context
from functions.usecases.message_event import subject
from functions.usecases.situation import Situation

# The source whose events come from the shop's own servers, which pass on what browsers tell them.
_SDK = "segment"


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
    links = _links(settings, person.tail)
    event, products = subject(context, run_situation.run, flow, person.tail, links)
    link = _unsubscribe_url(context, message) if template["kind"] == "marketing" else ""
    facts = Facts(
        shop=shop_details(settings),
        email=message.address,
        unsubscribe_url=link,
        event=event,
        traits=shown_traits.shown(person.attributes.traits, links),
        products=products,
        segment=flow.segment or "",
        visit_token=_visit_token(context, template, message),
    )
    rendered = render.render(template, facts)
    envelope = mime.Envelope(
        sender=sender(settings),
        recipient=message.address,
        reply_to=settings.reply_to,
        unsubscribe_url=link,
        list_id=_list_id(flow, settings) if link else "",
    )
    raw = mime.build(rendered, envelope, now=context.now, seed=f"{message.profile}_{message.cause}")
    return ComposedMessage(raw, rendered.subject, _reason(flow, event))


def _reason(flow: Flow, event: Event | None) -> str:
    if flow.segment:
        return f"{'entered' if flow.on == 'enter' else 'left'} {flow.segment}"
    began = event.name if event else flow.name
    return f"{began}, and no {' or '.join(flow.goal)} since" if flow.goal else began


def _unsubscribe_url(context: Context, message: Message) -> str:
    claims = unsubscribe.Claims(message.profile, message.address, message.cause)
    token = unsubscribe.seal(context.ports.secrets.get(unsubscribe.KEY)[0], claims)
    return f"{context.settings.public_url}/u/{token}"


def _visit_token(context: Context, template: Mapping[str, Any], message: Message) -> str:
    """The token for links, if the template has a place for it; else its secret is not even read."""
    if not any("visit_token" in template[part] for part in ("html", "text")):
        return ""
    return visit.seal(context.ports.secrets.get(visit.KEY)[0], message.address, context.now)


def _links(settings: Settings, tail: Iterable[Event]) -> ShopLinks:
    """Where links of the message may lead: the shop's own domains and, unless these are listed, what storefronts said.

    A storefront's signature covers what its own webhook says of its pages. Whoever lists the domains wants no others.
    """
    listed = domains(settings.link_domains)
    said = () if listed else (event for event in tail if event.source != _SDK and is_the_shops(event))
    pages = (event.properties.get(name) for event in said for name in ("checkout_url", "order_status_url"))
    return ShopLinks(
        domains=frozenset(filter(None, (*listed, domain_of(settings.shop_url)))),
        hosts=frozenset(filter(None, (host_of(page) for page in pages if isinstance(page, str)))),
        pictures=frozenset(domains(settings.picture_domains)),
        ports=ports_of(settings.shop_url),
    )


def shop_details(settings: Settings) -> ShopDetails:
    """The shop as its messages show it."""
    return ShopDetails(
        name=settings.shop_name,
        url=settings.shop_url,
        address=settings.shop_address,
        currency=settings.shop_currency,
        locale=settings.shop_language,
        timezone=settings.shop_timezone,
    )


def sender(settings: Settings) -> str:
    """The mailbox that messages come from: the shop's name and its address."""
    named = "<" in settings.from_address
    return settings.from_address if named else f"{settings.shop_name} <{settings.from_address}>"


def _list_id(flow: Flow, settings: Settings) -> str:
    domain = settings.from_address.rpartition("@")[2].rstrip("> ").lower()
    return f"{flow.id}.{domain}" if domain.isascii() else ""
