"""The catalogue."""

from collections.abc import Sequence

from functions.core.base.product import Product


class FakeProducts:
    """Products by id; a later revision stays."""

    def __init__(self) -> None:
        self.rows: dict[str, Product] = {}

    def put(self, product: Product) -> None:
        stored = self.rows.get(product.id)
        if stored is None or stored.revision <= product.revision:
            self.rows[product.id] = product

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        return {each: self.rows[each] for each in ids if each in self.rows}
