"""Refuse who sends more often than one may, as far as this process has seen."""

from collections.abc import Iterable

from functions.core.base.errors import TooMany
from functions.usecases.context import Context


def limit(context: Context, names: Iterable[str], per_minute: int) -> None:
    """Raise TooMany if one of the names has had its requests of this minute in this process."""
    if after := context.ports.rates.take(names, per_minute, context.now):
        raise TooMany(after)


def limit_address(context: Context, address: str) -> None:
    """The same for requests with the public write key from one network address; there is none behind some gateways."""
    limit(context, [f"address:{address}"] if address else [], context.settings.public_requests_per_minute)
