"""What the models of Shopify's bodies have in common."""

from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.fields import Currency, an_id
from functions.sources.payload import Payload


def cart_token(value: Any) -> str | None:
    """A cart's token, without the key that newer carts carry behind a question mark."""
    token = an_id(value, 512)
    return token.partition("?")[0] or None if token else None


CartToken = Annotated[str | None, BeforeValidator(cart_token)]


def in_shop_money(field: str) -> Any:
    """The default of an amount in the shop's own currency, where ``field`` is in that of the buyer (``price_set``)."""
    return Field(default=None, validation_alias=AliasPath(f"{field}_set", "shop_money", "amount"))


class Body(Payload):
    """The body of a webhook."""

    currency: Currency = None

    @property
    def shop_currency(self) -> str | None:
        """The shop's currency as the body says it."""
        return self.currency
