"""The catalogue: the latest telling of each product."""

from dataclasses import replace

from functions.core.base.product import Product
from functions.core.ports import Ports

WATCH = Product("shopify:1", "Watch", "https://i/w.jpg", "https://s/w", 9990, "EUR", "Watches", revision=10)


def test_a_product_is_found_by_its_id(ports: Ports) -> None:
    bare = Product("shopify:2", "")
    ports.products.put(WATCH)
    ports.products.put(bare)
    found = ports.products.get(["shopify:1", "shopify:2", "shopify:3", "shopify:1"])
    assert {WATCH.id: WATCH, bare.id: bare} == found
    assert {} == ports.products.get([])


def test_a_later_revision_is_not_overwritten(ports: Ports) -> None:
    ports.products.put(WATCH)
    ports.products.put(replace(WATCH, title="Old", revision=9))
    assert {WATCH.id: WATCH} == ports.products.get([WATCH.id])
    newer = replace(WATCH, price=None, revision=11)
    ports.products.put(newer)
    assert {WATCH.id: newer} == ports.products.get([WATCH.id])


def test_more_products_than_one_read_takes_are_all_found(ports: Ports) -> None:
    for n in range(103):
        ports.products.put(Product(str(n), f"Product {n}"))
    assert 103 == len(ports.products.get([str(n) for n in range(103)]))
