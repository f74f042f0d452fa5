"""Parts common to the models of Shopify's bodies."""

from typing import Annotated, Any, ClassVar

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.fields import Currency, an_id
from functions.sources.payload import Payload
from functions.sources.shape import Shape


def cart_token(value: Any) -> str | None:
    """A cart's token, without the key that newer carts have after a question mark."""
    token = an_id(value, 512)
    return token.partition("?")[0] or None if token else None


CartToken = Annotated[str | None, BeforeValidator(cart_token)]


def in_shop_money(field: str) -> Any:
    """The default of an amount in the shop's currency, where ``field`` itself is in the buyer's (``price_set``)."""
    return Field(default=None, validation_alias=AliasPath(f"{field}_set", "shop_money", "amount"))


class Body(Payload):
    """The body of a webhook; ``shape`` is what proves a body to be of this kind."""

    shape: ClassVar[Shape] = Shape()

    currency: Currency = None

    @property
    def shop_currency(self) -> str | None:
        """The shop's currency as stated in the body."""
        return self.currency
