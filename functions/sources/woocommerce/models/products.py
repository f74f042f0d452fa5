"""Products of the catalogue."""

from typing import Annotated, ClassVar

from pydantic import AliasPath, Field

from functions.sources.fields import Date, Link, Money, NeededId, NeededText, needed
from functions.sources.shape import Shape
from functions.sources.woocommerce.models import kinds
from functions.sources.woocommerce.models.kinds import Body, Words, words


class Product(Body):
    """The body of product.created, product.updated and product.restored; of a variation, too, which is a product."""

    shape: ClassVar[Shape] = Shape(
        has=(("permalink",), ("regular_price", "catalog_visibility", "stock_status")),
        lacks=kinds.ORDER | kinds.REFUND | kinds.CUSTOMER | kinds.COUPON | kinds.WEBHOOK,
    )

    id: NeededId
    name: Annotated[str, needed(words)]
    date_created_gmt: Date = None
    date_modified_gmt: Date = None
    status: NeededText
    permalink: Link = None
    price: Money = None
    image: Link = Field(default=None, validation_alias=AliasPath("images", 0, "src"))
    category: Words = Field(default=None, validation_alias=AliasPath("categories", 0, "name"))
