"""Which links of events, traits and the catalogue a message shows: those that lead to the shop, and no others.

A link is read here as strictly as the most generous mail program or browser would read it loosely: whatever two of
them could understand differently is left out. What the author of a template wrote is not looked at.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from functions.core.base.product import Product
from functions.core.messages.safety import DEEPEST, blankless

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Mail programs and browsers agree on these alone; of backslashes, quotes and brackets each makes something else.
_WRITTEN = re.compile(r"[^\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\\"'<>`{}|^]+")
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
# Where an address begins that is no page of the sender's own: "https:", "//", "/\", "www.", "mailto:" and the like.
_SCHEME = r"(?<![a-z0-9])(?:https?|ftps?|wss?|file|mailto|tel|sms|javascript|vbscript|data|blob):(?=\S)"
_BEGIN = rf"(?:[a-z][a-z0-9+.-]{{0,20}}:)?[/\\]{{2}}|{_SCHEME}|(?<![a-z0-9])www\."
# As far as it says where it leads.
_ADDRESS = re.compile(rf"(?:{_BEGIN})[^/?#]*", re.IGNORECASE)
# What a value begins with that becomes a link as a whole, without the blanks in it.
_LINK = re.compile(r"https?:|mailto:|[/\\]{2}|www\.", re.IGNORECASE)
_AROUND = "()[]<>.,;:!?'\"*_"
# How often a link inside of a link is looked for behind percent signs.
_DECODED = 3
_DEFAULT_PORTS = {"http": 80, "https": 443}
# The properties that hold pictures.
_PICTURES = frozenset(("image", "image_url", "images", "picture", "picture_url", "thumbnail", "photo", "avatar"))


@dataclass(frozen=True, slots=True)
class ShopLinks:
    """Where links of a message may lead.

    domains   the shop's domains in lower case; links lead to them and to what is below them
    hosts     hosts of which a storefront said that its pages are there; links lead to exactly these
    pictures  domains where the shop's pictures lie besides, and what is below them
    shown     hosts where the catalogue's pictures lie; pictures of events may lie at exactly these
    ports     ports other than a scheme's own, as (host, port)
    """

    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, int]] = frozenset()

    def beside(self, products: Iterable[Product]) -> "ShopLinks":
        """The same, with the hosts where the catalogue's pictures of these products lie.

        The catalogue is the storefront's, whose signature covers where its pictures are.
        """
        return replace(self, shown=frozenset(filter(None, (host_of(product.image) for product in products))))

    def leads(self, address: str, *, is_picture: bool = False) -> bool:
        """True if the absolute address, and every address inside of it, leads to the shop over http or https."""
        return all(self._is_own(each, is_picture) for each in (address, *_addresses(address)))

    def kept(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """The value of a property or trait without the texts, at any depth, in which something leads elsewhere."""
        if isinstance(value, str):
            return value if self._keeps(value, is_picture=name.lower() in _PICTURES) else ""
        if depth > DEEPEST:
            return None
        if isinstance(value, Mapping):
            return {key: self.kept(inner, str(key), depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.kept(inner, name, depth + 1) for inner in value]
        return value

    def of_product(self, product: Product, shop_url: str) -> Product:
        """The product of the catalogue with links to the shop alone.

        A storefront may know its shop by another host than the one that buyers see: the page is the same there.
        """
        page = product.url if self.leads(product.url) else _moved(product.url, shop_url)
        return replace(
            product,
            title=self.kept(product.title),
            category=self.kept(product.category),
            image=product.image if self.leads(product.image, is_picture=True) else "",
            url=page if self.leads(page) else "",
        )

    def _keeps(self, text: str, *, is_picture: bool) -> bool:
        # A link is put into a message without the blanks in it, a text as it is.
        whole = blankless(text)
        words = [word.strip(_AROUND) for word in text.split()]
        links = [_absolute(each) for each in (*words, whole) if _LINK.match(each)]
        inside = (each for word in words for each in _addresses(word))
        return all(self.leads(each, is_picture=is_picture) for each in links) and all(
            self._is_own(each, is_picture) for each in inside
        )

    def _is_own(self, address: str, is_picture: bool) -> bool:
        parts, host = _split(address), host_of(address)
        if parts is None or not host:
            return False
        if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]) and (host, parts.port) not in self.ports:
            return False
        is_shown = is_picture and (host in self.shown or _is_below(host, self.pictures))
        return is_shown or host in self.hosts or _is_below(host, self.domains)


def domain_of(address: str) -> str:
    """The domain that a shop's own address stands for: its host without ``www.``; empty if it has none."""
    return host_of(address).removeprefix("www.")


def ports_of(*addresses: str) -> frozenset[tuple[str, int]]:
    """The ports that these addresses name, as (host, port)."""
    split = [(host_of(address), _split(address)) for address in addresses]
    return frozenset((host, parts.port) for host, parts in split if host and parts and parts.port is not None)


def _moved(address: str, shop_url: str) -> str:
    """The same page at the shop's own address; empty if one of the two is none."""
    parts, shop = _split(address), _split(shop_url)
    return urlunsplit((shop.scheme, shop.netloc, *parts[2:])) if parts and shop else ""


def host_of(address: str) -> str:
    """The host of an absolute address of the web, in lower case and without a last dot; empty if there is none.

    A host outside of ASCII is none: it has to be given in its encoded form (``xn--…``), since programs differ in how
    they encode it.
    """
    parts = _split(address)
    if parts is None or "@" in parts.netloc:
        return ""
    host = (parts.hostname or "").removesuffix(".")
    return host if _HOST.fullmatch(host) and len(host) <= 253 else ""


def _split(address: str) -> SplitResult | None:
    """The parts of an absolute address of the web; None for anything else, and for what programs read differently."""
    if not (_WEB.match(address) and _WRITTEN.fullmatch(address)):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    # A host that lower() makes ASCII was not.
    return parts if parts.netloc.isascii() else None


def _is_below(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _addresses(text: str) -> Iterator[str]:
    """Yield every address in the text as far as its path, also those behind percent signs.

    A page of the shop may send its visitor on to an address in its path, query or fragment.
    """
    for _ in range(_DECODED):
        yield from (_absolute(match[0]) for match in _ADDRESS.finditer(text))
        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded


def _absolute(address: str) -> str:
    if address.startswith("//"):
        return f"https:{address}"
    return f"https://{address}" if address[:4].lower() == "www." else address
