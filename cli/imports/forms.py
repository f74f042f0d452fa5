"""How the values of a file are written, as the options say it over what is ready."""

from dataclasses import replace
from typing import Any

from cli.imports.options import Arguments
from functions.core.base import money, spelling, zones
from functions.core.base.errors import Fault, Malformed
from functions.sources.tabular import dates, targets
from functions.sources.tabular.exports import ANSWERS
from functions.sources.tabular.records import Format


def form(args: Arguments, base: Format) -> Format:
    """How values are written; raises Malformed for what is no form, no zone and no currency."""
    if args.dates and args.dates not in dates.ORDERS:
        near = spelling.nearest(args.dates.upper(), dates.ORDERS) or ", ".join(dates.ORDERS)
        raise Malformed(Fault("is no order of day, month and year", "dates", suggestion=near))
    if args.timezone and zones.zone_of(args.timezone) is None:
        raise Malformed(Fault(f"there is no time zone {args.timezone!r}", "timezone", suggestion="Europe/Berlin"))
    if args.currency and money.currency_code(args.currency) is None:
        raise Malformed(Fault(f"{args.currency!r} is no currency", "currency", suggestion="EUR"))
    said: dict[str, Any] = {
        name: getattr(args, name) for name in ("dates", "timezone", "decimal") if getattr(args, name)
    }
    currency = money.currency_code(args.currency) if args.currency else None
    return replace(
        base,
        **said,
        minor=args.minor or base.minor,
        currency=currency or base.currency,
        answers=_answers(args.answers) or base.answers,
    )


def _answers(written: str | None) -> dict[str, Any]:
    said = targets.pairs(written) if written else {}
    for word, answer in said.items():
        if answer not in ANSWERS:
            raise Malformed(Fault(f"{word!r} must be one of {', '.join(ANSWERS)}", "answers", suggestion=f"{word}=no"))
    return {word.lower(): ANSWERS[answer] for word, answer in said.items()}
