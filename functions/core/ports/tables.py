"""Small tables beside the profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from functions.core.base.product import Product
    from functions.core.definitions.vocabulary.seen import Names
    from functions.core.messages.pace import Allowance, Bounds, Budget, Shortage


class Products(Protocol):
    """The product catalogue."""

    def put(self, product: Product) -> None:
        """Write the product unless a later revision is stored."""

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Read the products that are stored, by id; others are absent from the answer."""


class Counters(Protocol):
    """How much of one thing there was in an hour, over all functions."""

    def take(self, name: str, hour: int, most: int) -> bool:
        """Count one more in the hour (hours since 1970); False, and nothing is counted, if there have been ``most``.

        A call that is repeated since its answer was lost counts twice.
        """

    def take_cheaply(self, name: str, hour: int, most: int) -> bool:
        """The same for what is counted often: this process counts a portion ahead and uses it up without a call.

        What it does not use of that is lost to others: there may be fewer than ``most``, and never more.
        """


class Pace(Protocol):
    """What is left of SES's rate and daily quota, over all functions."""

    def budget(self, now: int) -> Budget | None:
        """The budget as this process knows it, ten seconds old at most; None before the first allowance."""

    def lease(self, now: int, until: int) -> bool:
        """True for the one that is to ask SES for the allowance before ``until``."""

    def store(self, allowance: Allowance, now: int) -> None:
        """Write what SES says that it allows, unless somebody wrote a later word of SES."""

    def take(self, second: int, bounds: Bounds) -> Shortage | None:
        """Count one message of the second; None, or what there is too little of, and then nothing is counted."""

    def note(self, shortage: Shortage) -> None:
        """Have all others stop until SES is asked again, for a shortage that lasts."""

    def queue_up(self, line: str, now: int, step: int, last: int) -> int | None:
        """A place at the end of the line (milliseconds UTC), ``step`` behind the one before; None beyond ``last``."""


class Formats(Protocol):
    """In which format things are stored (functions/core/base/formats.py)."""

    def stored(self) -> int:
        """The greatest number of a format in which anything was stored; 0 if nobody has said so yet."""

    def raise_to(self, number: int) -> None:
        """Say that something will be stored in the format of this number, or of a greater one."""


class SeenNames(Protocol):
    """Names of events, properties and categories that events used."""

    def all(self) -> Names:
        """Every name that events have used, by sort."""

    def note(self, names: Names) -> None:
        """Store the names, up to a limit per sort; names that this process knows to be stored cost no call."""


class Revocations(Protocol):
    """Which tokens of the API were taken back."""

    def revoke(self, token: str, until: int) -> None:
        """Take the token of this id back; nobody needs to know of it after ``until``."""

    def revoke_issued(self, until: int) -> None:
        """Take back every token that was issued up to this instant."""

    def covers(self, token: str, issued: int) -> bool:
        """True if the token of this id, issued then, was taken back; one consistent read."""
