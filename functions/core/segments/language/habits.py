"""Corrections for habits of other languages, such as ``&&``, ``never`` or ``5,3``: what to write instead."""

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from functions.core.segments.language.formatting import PATH, STRING

# Terminals whose being expected identifies a place: BEGINS before a condition, EVENTS_SAID after its events.
BEGINS, EVENTS_SAID, AMOUNT, TEXT, DATE, CONTAINS = (
    "KW_TRAIT",
    "KW_WHERE",
    "KW_MORE_THAN",
    "STRING",
    "DATE",
    "KW_CONTAINS",
)
ANYWHERE = ""


class Habit(NamedTuple):
    """Patterns before and at a syntax error where ``expected`` may stand, and what to write instead."""

    expected: str
    here: str
    message: str
    suggestion: Callable[[re.Match[str], re.Match[str]], str] | str | None = None
    before: str = ""


def _decimal(before: re.Match[str], here: re.Match[str]) -> str:
    return f"{before[1].replace('.', '')}.{here[1]}"


def _iso(before: re.Match[str], here: re.Match[str]) -> str:
    return f"{here[3]}-{int(here[2]):02}-{int(here[1]):02}"


_COUNT = "a count is “at least 2 times”, “at most 2 times” or “exactly 2 times”"
_HABITS = (
    Habit(ANYWHERE, r"[\"“][^\"”\n]*(?:\n|\Z)", "the quote that opens here is not closed"),
    Habit(
        ANYWHERE,
        rf"({STRING})",
        "several values are a list",
        lambda before, here: f"is one of ({before[1]}, {here[1]})",
        rf"(?:\bis|=)\s*({STRING})\s+or\s+\Z",
    ),
    Habit(ANYWHERE, r"['‘’`]([^'‘’`\n]+)['‘’`]", "text stands in double quotes", lambda before, here: f'"{here[1]}"'),
    Habit(ANYWHERE, r",(\d+)", "a number has a point before its decimals", _decimal, r"(\d[\d.]*)\Z"),
    Habit(
        ANYWHERE,
        r"([€$£])",
        "the sign of a currency stands before the amount",
        lambda before, here: f"{here[1]}{before[1]}",
        r"(\d[\d.,]*)\s*\Z",
    ),
    Habit(ANYWHERE, r"&&?", "conditions are joined by words", "and"),
    Habit(ANYWHERE, r"\|\|?", "conditions are joined by words", "or"),
    Habit(ANYWHERE, r"[,;]", "conditions are joined by words", "and"),
    Habit(ANYWHERE, r"never\b", "the language says “not”", "not"),
    Habit(ANYWHERE, r"\w+n['’]t\b", "the language says “did not”", "did not"),
    Habit(
        DATE,
        r"(\d{1,2})[./](\d{1,2})[./](\d{4})",
        "a date is written year, month, day",
        _iso,
    ),
    Habit(
        AMOUNT,
        r"([€$£]?\d[\d,.]*)",
        "an amount is “more than”, “less than”, “at least”, “at most” or “exactly” so much",
        lambda before, here: f"at least {here[1]}",
    ),
    Habit(
        AMOUNT,
        r"between\s+(\S+)\s+and\s+(\S+)",
        "a range is two conditions",
        lambda before, here: f"at least {here[1]} and spent at most {here[2]}",
    ),
    Habit(EVENTS_SAID, r"once\b", _COUNT, "exactly 1 time"),
    Habit(EVENTS_SAID, r"twice\b", _COUNT, "exactly 2 times"),
    Habit("NUMBER", r"once\b", _COUNT, "1 time"),
    Habit("NUMBER", r"twice\b", _COUNT, "2 times"),
    Habit(
        EVENTS_SAID,
        r"more\s+than\s+(\d{1,4})\s+times?\b",
        _COUNT,
        lambda before, here: f"at least {int(here[1]) + 1} times",
    ),
    Habit(
        EVENTS_SAID,
        r"(?:less|fewer)\s+than\s+(\d{1,4})\s+times?\b",
        _COUNT,
        lambda before, here: f"at most {max(0, int(here[1]) - 1)} times",
    ),
    Habit(EVENTS_SAID, r"max\b", _COUNT, "at most"),
    Habit(EVENTS_SAID, r"min\b", _COUNT, "at least"),
    Habit(EVENTS_SAID, r"(?:today|yesterday)\b", "a window is a span up to now", "in the last day"),
    Habit(EVENTS_SAID, r"before\b", "dates are “since”, “until” or “between … and …”", "until"),
    Habit(EVENTS_SAID, r"after\b", "dates are “since”, “until” or “between … and …”", "since"),
    Habit(EVENTS_SAID, r"(?:with|having|if)\b", "what the events have to be like is said with “where”", "where"),
    Habit(CONTAINS, r"(?:like|matches|includes|has)\b", "a part of a text is asked for with “contains”", "contains"),
    Habit(
        BEGINS,
        rf"({PATH})\s*(?:[=<>≥≤≠]|!=)",
        "a trait is asked for as “trait country = "
        '"DE"” or “country is "DE"”; a property of events stands after “where”',
        lambda before, here: f"trait {here[1]}",
    ),
    Habit(
        BEGINS,
        rf"(?:has\s+)?({PATH})\s+(?:is\s+)?(?:with)?in\s+the\s+(next|last)\b",
        "a date of a person is asked for with “whose”",
        lambda before, here: f"whose {here[1]} is within the {here[2]}",
    ),
    Habit(
        BEGINS, r"(?:opted\s+in|(?:is|are)?\s*subscribed)\b", "consent has words of its own", "are subscribed to e-mail"
    ),
    Habit(
        BEGINS, r"(?:count|number)\s+of\b", "events are counted behind them", 'did "Order Completed" at least 2 times'
    ),
    Habit(
        BEGINS,
        r"(?:all\s+)?(?:customers?|users?|contacts?|everybody|everyone|persons?)\b(?:\s+(?:who|that))?",
        "a condition begins with what somebody did or is",
        "people who",
    ),
)


def habit(source: str, position: int, expected: Container[str], *, is_typo: bool) -> tuple[str, str | None] | None:
    """The message and suggestion for a known habit at the place of a syntax error; None if there is none.

    With ``is_typo``, habits that stand where a condition begins are left out: the word is then a misspelt keyword.
    """
    for each in _HABITS:
        if each.expected and (each.expected not in expected or (is_typo and each.expected == BEGINS)):
            continue
        here = re.compile(each.here, re.IGNORECASE).match(source, position)
        before = re.search(each.before, source[:position])
        if here and before:
            suggestion = each.suggestion(before, here) if callable(each.suggestion) else each.suggestion
            return each.message, suggestion
    return None
