"""The headers of Shopify's webhooks."""

from functions.core.base.translation import Request


def header(request: Request, name: str) -> str:
    """The value of a Shopify header, with or without the prefix ``X-``, which newer deliveries lack."""
    return (request.headers.get(f"x-{name}") or request.headers.get(name) or "").strip()
