"""Products of the catalogue."""

from typing import ClassVar

from pydantic import AliasPath, Field

from functions.sources.fields import Instant, Link, Money, NeededId, Object, Objects, Text
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.shopify.models import shape as kinds
from functions.sources.shopify.models.body import Body


class Picture(Payload):
    """A picture of a product."""

    src: Link = None


class Variant(Payload):
    """A size or colour, with its price in the shop's currency."""

    price: Money = None


class Product(Body):
    """The body of products/create and products/update.

    A collection has a title, a handle and an order of its products, but no variants.
    """

    shape: ClassVar[Shape] = Shape(
        has=(("variants", "product_type", "options", "images", "image"),),
        lacks=frozenset({"email", "sort_order", "customer"})
        | (kinds.BASKET | kinds.ORDER | kinds.ABOUT_AN_ORDER | kinds.PRIVACY | kinds.SHOP),
    )

    id: NeededId
    title: Text = None
    handle: Text = None
    product_type: Text = None
    category: Text = Field(default=None, validation_alias=AliasPath("category", "name"))
    image: Object[Picture] = Field(default_factory=Picture)
    images: Objects[Picture] = Field(default_factory=list)
    variants: Objects[Variant] = Field(default_factory=list)
    updated_at: Instant = None
    created_at: Instant = None
