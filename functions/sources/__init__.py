"""The known senders; to add one, write a module with its record and name it here."""

from functions.core.base.errors import Fault, UnknownSource
from functions.sources import segment, ses, shopify, stripe, woocommerce
from functions.sources.base import Source

SOURCES = {
    source.name: source for source in (shopify.SOURCE, woocommerce.SOURCE, stripe.SOURCE, segment.SOURCE, ses.SOURCE)
}


def hook(name: str) -> Source:
    """The source of ``/hooks/{name}``; raises UnknownSource, which names the known ones."""
    source = SOURCES.get(name)
    if source is None or not source.hook:
        names = ", ".join(sorted(each.name for each in SOURCES.values() if each.hook))
        raise UnknownSource(Fault(f"no such source; known: {names}", "source", suggestion=names.partition(",")[0]))
    return source
