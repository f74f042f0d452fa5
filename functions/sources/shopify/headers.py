"""The headers of Shopify's webhooks."""

from functions.core.base.intake import Request


def header(request: Request, name: str) -> str:
    """A Shopify header, with or without the ``X-`` that its newer deliveries lack."""
    return (request.headers.get(f"x-{name}") or request.headers.get(name) or "").strip()
