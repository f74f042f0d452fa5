"""Rows of the table ``products``: a product of the catalogue.

pk  product   r  revision   b  the other fields of Product by their names, packed, without those that are empty
"""

from dataclasses import fields
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.product import Product

TABLE = "products"
ID, REVISION, PACKED = "pk", "r", "b"
_PACKED = tuple(field.name for field in fields(Product) if field.name not in ("id", "revision"))

# A storefront tells of a product's changes in any order, and again. The latest telling stays, whichever is written
# last; of two with one revision the later write, since both say the same.
NOT_OLDER = f"{ABSENT} OR #{REVISION} <= :r"


def key(product: str) -> Item:
    """The key of a product's row."""
    return {ID: text(product)}


def revised(product: Product) -> Item:
    """The placeholder values of the condition ``NOT_OLDER``."""
    return {":r": number(product.revision)}


def to_item(product: Product) -> Item:
    """Encode the row of a product."""
    body = {name: getattr(product, name) for name in _PACKED}
    fields = {name: value for name, value in body.items() if value not in (None, "")}
    return key(product.id) | {REVISION: number(product.revision), PACKED: binary(pack(fields))}


def from_item(item: Item) -> Product:
    """Decode the product of a row."""
    body: dict[str, Any] = {"title": "", **unpack(raw(item[PACKED]))}
    return Product(id=string(item, ID), revision=integer(item, REVISION), **body)
