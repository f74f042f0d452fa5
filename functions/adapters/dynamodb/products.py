"""The product catalogue in DynamoDB; its rows are ``rows/products.py``'s."""

from collections.abc import Sequence

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import products as rows
from functions.core.base.errors import Conflict
from functions.core.base.product import Product


class DynamoProducts:
    """The products of the catalogue."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def put(self, product: Product) -> None:
        """Write the product unless a later revision is stored."""
        item, values = rows.to_item(product), rows.revised(product)
        swallow(Conflict, lambda: self._calls.put(rows.TABLE, item, rows.NOT_OLDER, values))

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Read the products that are stored, by id; others are absent from the answer."""
        keys = [rows.key(name) for name in dict.fromkeys(ids)]
        products = map(rows.from_item, self._calls.read({rows.TABLE: keys}, fresh=False)[rows.TABLE])
        return {product.id: product for product in products}
