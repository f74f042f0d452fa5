"""Incoming HTTP requests, and what a source translates them into."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from functions.core.base.events import Event
from functions.core.base.product import Product
from functions.core.base.tasks.erasures import ErasePeople
from functions.core.base.trust import Trust


@dataclass(frozen=True, slots=True)
class Request:
    """An incoming request before any translation.

    body      the raw bytes, as the signature covers them
    headers   with names in lower case
    route     the endpoint of the source that it was sent to ("track"); empty for a source with one endpoint
    received  the instant of arrival, seconds UTC
    currency  the shop's ISO 4217 code, for amounts without a currency
    id        unique for each request, for messages that have neither an id nor a time
    address   the sender's network address as the API saw it; empty where there is none
    trust     how the sender proved itself; known once the request was verified
    identity_keys  reads the accepted keys with which the shop's server signs user ids
    visit_keys  reads the accepted keys of the tokens in links of e-mails
    shops     the domains of the shop, in lower case; empty if the shop has not said them
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    route: str = ""
    received: int = 0
    currency: str = ""
    id: str = ""
    address: str = ""
    trust: Trust = "signed"
    identity_keys: Callable[[], Sequence[str]] = field(default=tuple, compare=False, repr=False)
    visit_keys: Callable[[], Sequence[str]] = field(default=tuple, compare=False, repr=False)
    shops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the mail system about one sent message; ``text`` is the feedback for the kind "feedback".

    ``cause`` identifies the message within the profile, ``ses_id`` is SES's id of it, ``at`` is in seconds UTC.
    """

    kind: Literal["settle", "opens", "clicks", "feedback"]
    profile: str
    cause: str
    at: int = 0
    ses_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A part of a genuine request that was not understood; ``body`` can be replayed as a request of its own."""

    reason: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Translation:
    """What a request was translated into.

    ``unused`` is the request's topic if nothing here uses it, else empty. ``shop_erasure`` is the domain of the shop
    that the storefront wants to have erased, which waits for its owner; else empty. ``message`` is the profile and
    the cause of the message that its events are about, whose row in the ledger they need; None if they need none.
    """

    events: tuple[Event, ...] = ()
    products: tuple[Product, ...] = ()
    erasures: tuple[ErasePeople, ...] = ()
    shop_erasure: str = ""
    message: tuple[str, str] | None = None
    reports: tuple[Report, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    unused: str = ""
