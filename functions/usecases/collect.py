"""Take a request into the log: what lies between it and its answer."""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from functions.core.base.domains import domains
from functions.core.base.errors import Fault, Malformed, NotUnderstood, Oversize, TooMany, UnknownSource
from functions.core.base.quarantine import Quarantined
from functions.core.base.tasks import Dispatch
from functions.core.base.translation import Request, Translation, Unclear
from functions.core.base.trust import Trust, is_trusted
from functions.sources import SOURCES, hook, segment
from functions.sources.base import Source
from functions.usecases.context import Context
from functions.usecases.declared_sources import at_door
from functions.usecases.feedback import about_known_messages, about_people, tell
from functions.usecases.rate_limits import limit, limit_address

if TYPE_CHECKING:
    from functions.settings import Settings

# A row of DynamoDB holds 400 KB; quarantine packs what it keeps.
ROW = 380_000
LONGEST_REASON = 2_000
ENCODING, ROUTE, TRUST = "segue-encoding", "segue-route", "segue-trust"
# The topic of a sender's unsigned try of the address.
PING = "ping"

# The paths of the Segment HTTP API with the kind of their message, and the storefronts that have a path.
SDK_ROUTES = segment.ROUTES
STOREFRONTS = tuple(sorted(name for name, source in SOURCES.items() if source.hook))


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of a request: counts of its accepted, new and quarantined parts, and its topic if that is unused.

    ``shop_erasures`` is 1 if it asks for the erasure of the shop, ``strangers`` counts events about messages that the
    ledger does not know.
    """

    source: str
    accepted: int = 0
    new: int = 0
    quarantined: int = 0
    unused: str = ""
    shop_erasures: int = 0
    strangers: int = 0


def collect(context: Context, name: str, request: Request) -> Receipt:
    """Verify and translate a request, append its events; quarantine what is genuine but not understood."""
    return _collect(context, SOURCES[name], request)


def collect_hook(context: Context, name: str, request: Request) -> Receipt:
    """The same for a webhook; raises UnknownSource with the storefronts that are known.

    What the shop does not have is refused before anything of the request is looked at, a ping too: whoever sets the
    webhook up sees it.
    """
    if declared := at_door(context, name):
        return _collect(context, declared, request)
    source = hook(name)
    if not context.ports.secrets.has(source.secret):
        right = f"sources=…,{source.name}"
        raise UnknownSource(Fault(f"{source.label} is off here; -c {right} turns it on", "source", suggestion=right))
    return _collect(context, source, request)


def _collect(context: Context, source: Source, request: Request) -> Receipt:
    if source.is_ping(request):
        return Receipt(source.name, unused=PING)
    request = source.prove(request, context.ports.secrets)
    if is_public := not is_trusted(request.trust):
        limit_address(context, request.address)
    elif source.public_secret:
        # One program that has gone wild leaves room for storefronts, which are limited by the API alone.
        limit(context, [f"key:{source.secret}"], context.settings.server_requests_per_minute)
    try:
        translation = about_people(source.translate(request))
    except NotUnderstood as error:
        context.ports.quarantine.put(quarantined(source, request, error.reason))
        return Receipt(source.name, quarantined=1)
    if is_public:
        devices = {event.identifiers[0] for event in translation.events}
        limit(context, devices, context.settings.visitor_requests_per_minute)
        _limit_confirmations(context, request, translation)
    known = about_known_messages(context, translation)
    new = store(context, known)
    for part in translation.unclear:
        context.ports.quarantine.put(_aside(source, request, part))
    return Receipt(
        source.name,
        len(known.events),
        new,
        len(translation.unclear),
        translation.unused,
        int(bool(translation.shop_erasure)),
        len(translation.events) - len(known.events),
    )


def _limit_confirmations(context: Context, request: Request, translation: Translation) -> None:
    """Raise TooMany if one network address says yes for too many e-mail addresses, each of which gets an e-mail.

    Raises Malformed for more than a minute allows in one request, which no repetition would get through.
    """
    asked = {address for event in translation.events for address in event.unproven_yes}
    most = context.settings.opt_in_requests_per_minute
    if len(asked) > most:
        wrong = (
            f"says yes to marketing for {len(asked)} addresses, with the public write key at most {most} in a request"
        )
        raise Malformed(Fault(wrong, "batch", suggestion="the server key"))
    if asked and (after := context.ports.rates.take([f"yes:{request.address}"], most, context.now, len(asked))):
        raise TooMany(after)


def store(context: Context, translation: Translation) -> int:
    """Write a translation's events, products, erasures and reports; return how many of the events were new.

    Each write is idempotent, and a request is answered only after the last of them: what fails between two is
    repeated whole by the sender.
    """
    new = context.ports.log.append(translation.events) if translation.events else 0
    for product in translation.products:
        context.ports.products.put(product)
    if translation.erasures:
        context.ports.queues.send([Dispatch(task) for task in translation.erasures])
    if translation.shop_erasure:
        context.ports.erasures.ask(translation.shop_erasure, context.now)
    tell(context, translation.reports, new)
    return new


def quarantined(source: Source, request: Request, reason: str) -> Quarantined:
    """The request as quarantine stores it; its id is a digest of its content, so a retry is the same row.

    What proved its sender is left out, and TRUST says what was proved: whoever reads quarantine learns no key.
    """
    kept_headers = {name: request.headers[name] for name in source.keeps if name in request.headers}
    body = source.without_credentials(request.body)
    text, encoding = _written(body)
    marks = {ROUTE: request.route, ENCODING: encoding, TRUST: "" if request.trust == "signed" else request.trust}
    headers = {**kept_headers, **{name: value for name, value in marks.items() if value}}
    return Quarantined(source.name, _name(headers, body), reason[:LONGEST_REASON], headers, text, request.received)


def request_of(item: Quarantined, settings: "Settings") -> Request:
    """The request as it was received, from its row in quarantine, to be read under the shop's settings of today."""
    headers = {name: value for name, value in item.headers.items() if name not in (ROUTE, ENCODING, TRUST)}
    return Request(
        body=_read(item.body, item.headers.get(ENCODING, "")),
        headers=headers,
        route=item.headers.get(ROUTE, ""),
        received=item.received,
        currency=settings.shop_currency,
        trust=cast(Trust, item.headers.get(TRUST, "signed")),
        shops=domains(settings.shop_domain),
    )


def _aside(source: Source, request: Request, part: Unclear) -> Quarantined:
    alone = replace(request, body=part.body, route="batch", id="")
    return quarantined(source, alone, part.reason)


def _name(headers: Mapping[str, str], body: bytes) -> str:
    header_lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    return hashlib.sha256(header_lines.encode() + body).hexdigest()[:32]


def _written(body: bytes) -> tuple[str, str]:
    if len(body) > ROW and len(zlib.compress(body)) > ROW:
        raise Oversize(Fault(f"not understood, and more than {ROW} bytes when packed", "body"))
    try:
        return body.decode(), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def _read(text: str, encoding: str) -> bytes:
    return base64.b64decode(text) if encoding else text.encode()
