"""A storefront's request to erase its shop, which waits until the shop's owner confirms it. Times are seconds UTC."""

from dataclasses import dataclass

DAY = 86_400
# Shopify sends shop/redact 48 hours after the app was removed, and gives 30 days
# (shopify.dev/docs/apps/build/compliance/privacy-law-compliance).
TERM = 30 * DAY
# From then on the owner is reminded every night.
REMINDED = 20 * DAY


@dataclass(frozen=True, slots=True)
class ShopErasure:
    """The request: the shop's domain, when it came, and when and by whom it was confirmed (0 and empty if not yet)."""

    shop: str
    asked: int
    confirmed: int = 0
    author: str = ""

    @property
    def ends(self) -> int:
        """When the legal term ends."""
        return self.asked + TERM

    def is_due(self, now: int) -> bool:
        """True if it still waits and the legal term ends soon, or has ended."""
        return not self.confirmed and now >= self.asked + REMINDED
