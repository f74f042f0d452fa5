"""Which store a webhook is about: the body's links say it, which are signed, and a header says it, which is not."""

from urllib.parse import urlsplit

from functions.core.base.domains import domain
from functions.core.base.translation import Request

SOURCE, LINK = "x-wc-webhook-source", "_links"


def store_fault(request: Request, link: str | None) -> str:
    """Why the webhook is not this shop's; empty if it may be, or if the shop has not said its domain.

    ``link`` is the address of the store's API in the body. Every domain that is named must be the shop's.
    """
    named = {"X-WC-Webhook-Source": request.headers.get(SOURCE, ""), LINK: link or ""}
    for where, address in named.items():
        if request.shops and address and _host(address) not in request.shops:
            return f"{where} is not a domain of the setting shop_domain"
    return ""


def _host(address: str) -> str:
    try:
        return domain(urlsplit(address.strip()).hostname or "")
    except ValueError:
        return ""
