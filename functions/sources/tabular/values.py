"""Values of cells: amounts without floats, answers about marketing, numbers, texts and lists."""

import re
from decimal import Decimal
from typing import Any

from functions.core.base import money
from functions.core.base.events import Consent
from functions.sources.tabular.records import BadValue, Format

YES = frozenset(("yes", "y", "true", "t", "1", "subscribed", "opted in", "opted_in", "opt-in", "optin"))
NO = frozenset(
    (
        "no",
        "n",
        "false",
        "f",
        "0",
        "unsubscribed",
        "opted out",
        "opted_out",
        "opt-out",
        "optout",
        "cleaned",
        "suppressed",
    )
)
PENDING = frozenset(("pending", "unconfirmed"))
# A currency's sign or code before or after an amount.
_SIGN = r"(?:[A-Z]{3}|[$£¥\u20a0-\u20cf])?"
_SIGNS = re.compile(rf"^{_SIGN}\s*(.*?)\s*{_SIGN}$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ '\u00a0\u202f.,]\d{3})+", re.ASCII)
# An apostrophe by which programs keep spreadsheets from taking a cell for a number or a formula.
_KEPT_AS_TEXT = re.compile(r"'(?:\+?\d[\d .()/-]*$|[=@+-])", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+", re.ASCII)


def text(value: Any) -> str | None:
    """The text of a cell without the blanks around it; None for an empty one."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    found = str(value).strip()
    return (found[1:] if _KEPT_AS_TEXT.match(found) else found) or None


def number(value: Any, form: Format) -> Decimal | None:
    """The exact number, with the file's decimal character; None for an empty cell. Raises BadValue."""
    if isinstance(value, bool):
        raise BadValue("is true or false, and no number")
    if isinstance(value, int | Decimal):
        return money.decimal(value)
    written = text(value)
    if written is None:
        return None
    whole, mark, decimals = written.rpartition(form.decimal) if form.decimal in written else (written, "", "")
    if _GROUPED.fullmatch(whole) and form.decimal not in whole:
        whole = re.sub(r"[^\d+-]", "", whole)
    is_number = (_PLAIN.fullmatch(whole) or (mark and whole in ("", "+", "-"))) and (not mark or decimals.isdigit())
    found = money.decimal(f"{whole}.{decimals or 0}" if mark else whole) if is_number else None
    if found is None:
        other = "," if form.decimal == "." else "."
        raise BadValue(f"{written[:40]!r} is no number with the decimal {form.decimal!r}; --decimal {other!r} if it is")
    return found


def amount(value: Any, form: Format, currency: str) -> Decimal | None:
    """The amount in major units, exact, without the sign of its currency; None for an empty cell. Raises BadValue."""
    signed = text(value) if isinstance(value, str) else value
    bare = _SIGNS.sub(r"\1", signed) if isinstance(signed, str) else signed
    found = number(bare, form)
    if found is None or not form.minor:
        return found
    if found != int(found):
        raise BadValue(f"{signed} has decimals, and --minor says that amounts have none")
    return money.major(int(found), currency)


def answer(value: Any, form: Format) -> Consent | None:
    """The answer about marketing e-mail; None for an empty cell or a word that says nothing. Raises BadValue."""
    written = text(value)
    if written is None:
        return None
    word = written.lower()
    if form.answers:
        if word not in form.answers:
            raise BadValue(f"{written[:40]!r} is none of the answers {', '.join(sorted(form.answers))}")
        return form.answers[word]
    answers: tuple[tuple[frozenset[str], Consent], ...] = (
        (YES, "subscribed"),
        (NO, "unsubscribed"),
        (PENDING, "pending"),
    )
    for words, consent in answers:
        if word in words:
            return consent
    raise BadValue(
        f"{written[:40]!r} is neither yes, no nor pending; say --answers {written[:40]}=yes (or no, or none)"
    )


def flag(value: Any) -> bool | None:
    """True or false; None for an empty cell. Raises BadValue."""
    if isinstance(value, bool) or (word := text(value)) is None:
        return value if isinstance(value, bool) else None
    if word.lower() in ("true", "yes", "y", "t", "1"):
        return True
    if word.lower() in ("false", "no", "n", "f", "0"):
        return False
    raise BadValue(f"{word[:40]!r} is neither true nor false")


def texts(value: Any) -> list[str] | None:
    """The parts of a text between commas, or the texts of a list; None for an empty cell."""
    parts = value if isinstance(value, list) else (text(value) or "").split(",")
    return [part for each in parts if (part := (text(each) or "").strip('"'))] or None
