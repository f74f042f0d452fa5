"""What comes in through a door, and what a source makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from functions.core.base.events import Event
from functions.core.base.tasks import ErasePeople, EraseShop


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came.

    body      the raw bytes, as the signature covers them
    headers   with names in lower case
    route     which of the source's doors it came through ("track"); empty for a source with one door
    received  when, seconds UTC
    currency  the shop's, for amounts that name none
    id        what tells it from every other request, for messages that say neither who they are nor when
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    route: str = ""
    received: int = 0
    currency: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the mail system says of one of our messages. ``text`` is the feedback of kind "feedback"."""

    kind: Literal["settle", "opens", "clicks", "feedback"]
    profile: str
    cause: str
    at: int = 0
    ses_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A part of a request that is genuine but was not understood, in a form that can be replayed alone."""

    reason: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Product:
    """What the catalogue says of a product: for images, links and prices of cart lines. Price in minor units."""

    id: str
    title: str
    image: str = ""
    url: str = ""
    price: int | None = None
    currency: str = ""
    category: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """What a request means. ``unused`` names its topic if nothing here has a use for it."""

    events: tuple[Event, ...] = ()
    products: tuple[Product, ...] = ()
    erasures: tuple[ErasePeople | EraseShop, ...] = ()
    reports: tuple[Report, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    unused: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A request that was proven genuine but not understood, kept whole for replay."""

    source: str
    id: str
    reason: str
    headers: Mapping[str, str]
    body: str
    received: int


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A request in quarantine as lists show it: ``size`` is the bytes of its body, which may speak of a person."""

    source: str
    id: str
    reason: str
    received: int
    size: int
