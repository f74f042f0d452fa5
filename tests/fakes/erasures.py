"""Requests to erase shops, and the marks of erased people."""

from collections.abc import Iterable
from dataclasses import replace

from functions.core.base.erased import Mark
from functions.core.base.shop_erasure import ShopErasure


class FakeErasures:
    """Requests by shop, marks by key."""

    def __init__(self) -> None:
        self.shops: dict[str, ShopErasure] = {}
        self.marks: dict[str, Mark] = {}

    def mark(self, marks: Iterable[Mark]) -> None:
        for each in marks:
            stored = self.marks.get(each.key, each)
            if stored.at <= each.at:
                refused = stored.said_no or each.said_no, each.suppression or stored.suppression
                self.marks[each.key] = Mark(each.key, each.at, *refused)

    def ask(self, shop: str, at: int) -> None:
        stored = self.shops.get(shop)
        if stored is None or stored.confirmed:
            self.shops[shop] = ShopErasure(shop, at)

    def shop(self, shop: str) -> ShopErasure | None:
        return self.shops.get(shop)

    def confirm(self, shop: str, at: int, author: str) -> None:
        if shop in self.shops:
            self.shops[shop] = replace(self.shops[shop], confirmed=at, author=author)
