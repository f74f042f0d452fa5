"""The catalogue in DynamoDB: pk product, r revision, b the rest, packed."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT, Calls, swallow
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.errors import Conflict
from functions.core.base.intake import Product

_PACKED = tuple(field.name for field in fields(Product) if field.name not in ("id", "revision"))


class DynamoProducts:
    """What the catalogue says of products."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def put(self, product: Product) -> None:
        """Write it unless a later revision is there."""
        body = {name: getattr(product, name) for name in _PACKED}
        stated = {name: value for name, value in body.items() if value not in (None, "")}
        item = {"pk": text(product.id), "r": number(product.revision), "b": binary(pack(stated))}
        when, values = f"{ABSENT} OR #r <= :r", {":r": number(product.revision)}
        swallow(Conflict, lambda: self._calls.put("products", item, when, values))

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Those that are known."""
        keys = [{"pk": text(name)} for name in dict.fromkeys(ids)]
        found = map(_product, self._calls.read({"products": keys}, fresh=False)["products"])
        return {product.id: product for product in found}


def _product(item: Item) -> Product:
    body: dict[str, Any] = {"title": "", **unpack(raw(item["b"]))}
    return Product(id=string(item, "pk"), revision=integer(item, "r"), **body)
