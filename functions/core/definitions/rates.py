"""The text of the shop's exchange rates: what one unit of each currency is worth in the shop's own.

id: rates
base: EUR                          # the shop's currency: what the rates are into
description: Monthly averages.     # optional
rates:
  USD: 0.92                        # one dollar counts as 0.92 euros, whenever it was paid
  GBP:                             # each from its day on, in the shop's time zone, until the next
    - {since: 2026-01-01, rate: 1.17}
    - {since: 2026-07-01, rate: 1.15}
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from functions.core.base import naming
from functions.core.base.currencies import CODES
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.definitions.document import checked, read
from functions.core.segments.language.fields import nearest, nearest_code
from functions.core.timelines.exchange import ID

KEYS = ("id", "name", "description", "base", "rates")
STEP_KEYS = ("since", "rate")
MOST_STEPS = 1_000
# No two currencies are further apart; a rate beyond these was written the other way round, or without its point.
LEAST, MOST = Decimal("0.00000001"), Decimal(100_000_000)
FINEST = 12
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def load_rates(given: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a table of rates; raises DefinitionRefused with every fault in its place."""
    return checked(given, _body)


def refuse_other_base(text: str, body: Mapping[str, Any], currency: str, where: str = "base") -> None:
    """Raise DefinitionRefused, its fault ``where`` it is told, unless the rates are into the shop's currency."""
    if body["base"] != currency.upper():
        message = f"the shop counts in {currency.upper()} (shop_currency), and these are rates into another currency"
        fault = read(text).place(Fault(message, "base", suggestion=currency.upper()))
        raise DefinitionRefused(replace(fault, where=where))


def _body(given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    for key in given:
        if key not in KEYS:
            faults.append(Fault(f"{key!r} is not part of rates", str(key), suggestion=nearest(key, KEYS)))
    if given.get("id") != ID:
        faults.append(Fault("a shop has one table of rates, of this id", "id", suggestion=ID))
    faults.extend(naming.check(given))
    base = given.get("base")
    faults.extend(_code(base, "base"))
    faults.extend(_table(given.get("rates"), base))
    said = {key: given[key] for key in ("name", "description") if given.get(key)}
    return {"id": ID, **said, "base": base, "rates": given.get("rates")}


def _code(code: Any, where: str) -> Iterator[Fault]:
    if isinstance(code, str) and code in CODES:
        return
    yield Fault(f"{code!r} is not the code of a currency, such as EUR", where, suggestion=nearest_code(code))


def _table(rates: Any, base: Any) -> Iterator[Fault]:
    if not isinstance(rates, Mapping):
        message = "rates say what one unit of each currency is worth; {} counts no other currency"
        yield Fault(message, "rates", suggestion="rates: {USD: 0.92}")
        return
    for code, said in rates.items():
        where = f"rates.{code}"
        yield from _code(code, where)
        if code == base:
            yield Fault(f"{code} is the base: one is always worth 1, so leave it out", where)
        elif isinstance(said, list):
            yield from _steps(said, where)
        else:
            yield from _rate(said, where)


def _steps(steps: list[Any], where: str) -> Iterator[Fault]:
    if not 1 <= len(steps) <= MOST_STEPS:
        hint = "[{since: 2026-01-01, rate: 0.92}]"
        yield Fault(f"dated rates are a list of 1 to {MOST_STEPS}", where, suggestion=hint)
    before: date | None = None
    for index, step in enumerate(steps):
        place = f"{where}[{index}]"
        if not isinstance(step, Mapping):
            said = "a dated rate says since when it holds, and the rate"
            yield Fault(said, place, suggestion="{since: 2026-01-01, rate: 0.92}")
            continue
        for key in step.keys() - {*STEP_KEYS}:
            message = f"{key!r} is not part of a dated rate"
            yield Fault(message, f"{place}.{key}", suggestion=nearest(key, STEP_KEYS))
        day = _day(step.get("since"))
        yield from _since(step.get("since"), day, before, f"{place}.since")
        yield from _rate(step.get("rate"), f"{place}.rate")
        before = day or before


def _since(said: Any, day: date | None, before: date | None, where: str) -> Iterator[Fault]:
    if day is None:
        yield Fault(f"{said!r} is not a day, which is written as year, month and day", where, suggestion="2026-01-01")
    elif before is not None and day <= before:
        message = f"{day} does not come after {before}: dated rates stand in the order of their days, each day once"
        yield Fault(message, where)


def _day(said: Any) -> date | None:
    if not isinstance(said, str) or not _DATE.fullmatch(said):
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _rate(said: Any, where: str) -> Iterator[Fault]:
    if isinstance(said, bool) or not isinstance(said, int | Decimal):
        written = said.strip().replace(",", ".") if isinstance(said, str) else ""
        message = f"{said!r} is not a rate, which is a number without quotes, such as 0.92"
        yield Fault(message, where, suggestion=written if _NUMBER.fullmatch(written) else None)
    elif said <= 0:
        yield Fault(f"{said} is not above zero: a rate is what one unit is worth in the base", where)
    elif not LEAST <= said <= MOST:
        message = f"{said} is beyond every rate there is ({LEAST:f} to {MOST}): what is one unit worth in the base?"
        yield Fault(message, where)
    elif -int(Decimal(said).normalize().as_tuple().exponent) > FINEST:
        yield Fault(f"a rate has at most {FINEST} decimals", where, suggestion=f"{round(Decimal(said), FINEST):f}")
