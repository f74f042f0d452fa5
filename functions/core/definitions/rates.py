"""The text format of the shop's exchange rates: the worth of one unit of each currency in the shop's currency.

id: rates
base: EUR                          # the shop's currency, into which the rates convert
description: Monthly averages.     # optional
rates:
  USD: 0.92                        # one dollar counts as 0.92 euros at any time
  GBP:                             # each rate applies from its day (shop's time zone) until the next
    - {since: 2026-01-01, rate: 1.17}
    - {since: 2026-07-01, rate: 1.15}
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from functions.core.base.currencies import CODES
from functions.core.base.errors import Fault
from functions.core.base.model import DefinitionModel, Whole, Words
from functions.core.base.model_faults import Checked, Complaints, Says, refuse, tag
from functions.core.definitions.loading import load
from functions.core.segments.language.fields import nearest_code
from functions.core.timelines.exchange import ID

MOST_STEPS = 1_000
# The limits exceed every real exchange rate; one outside them was inverted or lacks its decimal point.
LEAST, MOST = Decimal("0.00000001"), Decimal(100_000_000)
FINEST = 12
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def _code(code: Any) -> Complaints:
    if not isinstance(code, str) or code not in CODES:
        yield f"{code!r} is not the code of a currency, such as EUR", nearest_code(code)


def _since(text: Any) -> Complaints:
    if _day(text) is None:
        yield f"{text!r} is not a day, which is written as year, month and day", "2026-01-01"


def _day(text: Any) -> date | None:
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rate(value: Any) -> Complaints:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        written = value.strip().replace(",", ".") if isinstance(value, str) else ""
        message = f"{value!r} is not a rate, which is a number without quotes, such as 0.92"
        yield message, written if _NUMBER.fullmatch(written) else None
    elif value <= 0:
        yield f"{value} is not above zero: a rate is what one unit is worth in the base", None
    elif not LEAST <= value <= MOST:
        yield f"{value} is beyond every rate there is ({LEAST:f} to {MOST}): what is one unit worth in the base?", None
    elif -int(Decimal(value).normalize().as_tuple().exponent) > FINEST:
        yield f"a rate has at most {FINEST} decimals", f"{round(Decimal(value), FINEST):f}"


Code = Annotated[str, Checked(_code), Field(json_schema_extra={"enum": sorted(CODES)})]
Rate = Annotated[
    int | Decimal,
    Checked(_rate),
    WithJsonSchema({"type": "number", "minimum": float(LEAST), "maximum": int(MOST)}),
    Field(description="what one unit is worth in the base", examples=[0.92]),
]


class DatedRate(DefinitionModel):
    """What one unit is worth from a day on."""

    what: ClassVar[str] = "a dated rate"
    shape: ClassVar[Fault] = Fault(
        "a dated rate says since when it holds, and the rate", suggestion="{since: 2026-01-01, rate: 0.92}"
    )

    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-01-01"]), Checked(_since)]
    rate: Rate


def _ascending(steps: list[DatedRate]) -> list[DatedRate]:
    faults = []
    for index, (before, step) in enumerate(pairwise(steps), 1):
        if step.since <= before.since:
            message = f"{step.since} does not come after {before.since}: dated rates stand in the order of their days"
            faults.append(Fault(f"{message}, each day once", f"[{index}].since"))
    if faults:
        refuse(*faults)
    return steps


DatedRates = Annotated[
    list[DatedRate],
    Field(min_length=1, max_length=MOST_STEPS),
    AfterValidator(_ascending),
    Says(f"dated rates are a list of 1 to {MOST_STEPS}", "[{since: 2026-01-01, rate: 0.92}]"),
]
OfCurrency = Annotated[
    Annotated[Rate, Tag(tag("rate"))] | Annotated[DatedRates, Tag(tag("dated"))],
    Discriminator(lambda said: tag("dated" if isinstance(said, list) else "rate")),
]


class Rates(Whole):
    """The table of the shop's exchange rates."""

    model_config = ConfigDict(title="Segue exchange rates")
    what: ClassVar[str] = "rates"

    id: Annotated[Literal["rates"], Says("a shop has one table of rates, of this id", ID)]
    name: Words | None = None
    description: Words | None = None
    base: Annotated[Code, Field(description="the shop's currency", examples=["EUR"])]
    rates: Annotated[
        dict[Code, OfCurrency],
        Field(description="by currency, for always or each since a day, in the order of the days"),
        Says("rates say what one unit of each currency is worth; {} counts no other currency", "rates: {USD: 0.92}"),
    ]

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterator[Fault]:
        """Yield a fault if the base currency has a rate itself."""
        base, rates = values.get("base"), values.get("rates")
        if isinstance(rates, dict) and isinstance(base, str) and base in rates:
            yield Fault(f"{base} is the base: one is always worth 1, so leave it out", f"rates.{base}")

    def body(self) -> dict[str, Any]:
        """The body as it is stored."""
        texts = {key: value for key in ("name", "description") if (value := getattr(self, key))}
        return {"id": ID, **texts, **self.model_dump(include={"base", "rates"}, exclude_unset=True)}


def load_rates(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a table of rates; raises DefinitionRefused with every fault and its position."""
    return load(Rates, source)
