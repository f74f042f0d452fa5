"""Products of the shop, as storefronts report them and messages show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop's catalogue, for images, links and prices of cart lines; the price is in minor units."""

    id: str
    title: str
    image: str = ""
    url: str = ""
    price: int | None = None
    currency: str = ""
    category: str = ""
    revision: int = 0
