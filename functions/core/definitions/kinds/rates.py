"""rates: the shop's table of exchange rates. Every condition on amounts counts by it, and none names it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord, Reliance
from functions.core.definitions.records import Body, Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.vocabulary.seen import Names
from functions.core.segments.priced import is_asking

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.document import Document


def _model() -> "type[Whole]":
    from functions.core.definitions.rates import Rates

    return Rates


def _in_shop(body: Body, document: "Document", currency: str) -> Iterator[Fault]:
    """Yield a fault for rates into a currency that the shop does not count in."""
    if body["base"] != currency.upper():
        message = f"the shop counts in {currency.upper()} (shop_currency), and these are rates into another currency"
        yield document.place(Fault(message, "base", suggestion=currency.upper()))


def _warnings(document: "Document", seen: Names) -> Iterator[Fault]:
    """Yield a warning for each currency that came with events and has no rate."""
    for lost in sorted(seen["currencies"] - {document.body["base"], *document.body["rates"]}):
        message = f"events in {lost} were seen, and there is no rate of it: their amounts are not counted"
        yield document.place(Fault(message, "rates", suggestion=f"{lost}: what one {lost} is worth"))


def _amounts(definition: Definition, current: Sequence[Definition]) -> Iterator[Reliance]:
    """Yield the places where other definitions count amounts."""
    from functions.core.definitions.document import read

    for other in current:
        asking = [path for path, part in kind_of(other.kind).parts(other.body) if is_asking(part)]
        document = read(other.text) if asking else None
        yield from (Reliance(other, document.place(Fault("", path))) for path in asking if document)


KIND = KindRecord(one="table of rates", model=_model, in_shop=_in_shop, warnings=_warnings, reliances=_amounts)
