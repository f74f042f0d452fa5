"""Messages for text that does not parse: the position, what was expected, and the nearest valid word."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternRE

from functions.core.base.errors import Fault
from functions.core.base.line_column import line_and_column
from functions.core.base.spelling import nearest
from functions.core.segments.language.habits import habit
from functions.core.segments.operator import RepeatedClause

_NAMES = {
    "STRING": "text in quotes",
    "EVENTS_ID": "the id of named events",
    "NUMBER": "a number",
    "PLAIN": "a number",
    "PATH": "a property",
    "DATE": "a date such as 2026-05-12",
    "FIFTHS": "a fifth such as best fifth",
    "IN_CURRENCY": "in EUR",
    "WORD": "a unit such as hours or days",
    "COMPARE": "a comparison such as = or >",
    "UNIT": "metres or kilometres",
    "NAME": "a name such as A",
    "_IS": "=",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "$END": "the end",
    "TITLE": "the name of an event",
    "TRAIT_SAID": "a trait",
    "PAST": "what somebody did, such as “ordered”",
    "NEGATIVE": "what somebody did not do, such as “did not order”",
    "SUMMED": "“spent”",
    "STARTED": "“left a cart”",
    "ENDED": "“order it”",
    "DONE_TO": "“opened”",
    "SEVERAL": "“e-mails”",
    "_AND_FILTER": "and",
    "_OR_FILTER": "or",
}

# Words of English sentences, left out of the expected words: suggestions teach the canonical text.
_ALSO = re.compile(
    r"(?:have|are|were|is|was|that|whose|each|none of their|of their|with the same|in EUR|all within|on average|with|"
    r"different|did not do|did none of|did not unsubscribe|unsubscribed|unless it was|each time|people|or without)\b"
)
# Descriptions of terminals, which cannot be typed themselves.
DESCRIPTIONS = set(_NAMES.values()) - {"(", ")", ",", "=", "and", "or"}
# The similarity (0 to 1) from which a word counts as misspelt.
_TYPO = 0.75
# The most expected words that are listed for a character that begins no word.
_MOST_WORDS = 12
# Terminals that, expected together, show that a condition may begin.
_BEGINNING = {"KW_DID", "KW_TRAIT", "PAST"}
_CONDITION = 'a condition, such as “ordered in the last 30 days”, “country is "DE"” or “in segment "vip"”'
# Examples to type for descriptions that stand for many words.
_TYPED = {_NAMES["WORD"]: "days", _NAMES["COMPARE"]: "="}


def without_comments(source: str) -> str:
    """The text with comments replaced by spaces, so that positions stay the same."""
    pattern = r"(\"(?:[^\"\\\n]|\\.)*\"|“[^”\n]*”)|#[^\n]*"
    return re.sub(pattern, lambda match: match[1] or " " * len(match[0]), source)


def doubled(error: RepeatedClause, place: tuple[int, int] | None) -> Fault:
    """The fault for a clause that is given twice."""
    line, column = place or (1, 1)
    return Fault(f"{error.key!r} is said twice for the same condition", "when", line, column)


def fault_of(error: UnexpectedInput, source: str, parser: Lark, spoken: Mapping[str, Sequence[str]]) -> Fault:
    """The fault for a parser's error; ``spoken`` holds the words of terminals that match several."""
    position = len(source.rstrip()) if _at_end(error) else error.pos_in_stream or 0
    line, column = line_and_column(source, position)
    names = {name for name in _expected(error) if name != "IGNORE" and not name.startswith("__")}
    offender = _offender(source, position)
    typed = [each for name in sorted(names) for each in spoken.get(name, [_word(name, parser)])]
    is_typo = nearest(offender.lower(), typed, _TYPO) is not None
    if habit_fault := habit(source, position, names, is_typo=is_typo):
        return Fault(
            f"{_shown(offender)} was not expected here: {habit_fault[0]}", "when", line, column, habit_fault[1]
        )
    expected = sorted({_word(name, parser) for name in names - _beginnings(parser, names)})
    words = [*([_CONDITION] if names >= _BEGINNING else []), *(word for word in expected if not _ALSO.match(word))]
    if isinstance(error, UnexpectedCharacters) and len(words) > _MOST_WORDS:
        message = f"{_shown(offender)} is no word of the language"
    else:
        message = f"{_shown(offender)} was not expected here: expected {_listed(words)}"
    return Fault(message, "when", line, column, _suggestion(offender, source[position:], typed, words))


def _beginnings(parser: Lark, names: set[str]) -> frozenset[str]:
    """The terminals that begin a condition, if a condition may begin where the error is; else none."""
    return _first(parser) if names >= _BEGINNING else frozenset()


@lru_cache(maxsize=8)
def _first(parser: Lark) -> frozenset[str]:
    return frozenset(parser.parse_interactive("").accepts())  # type: ignore[no-untyped-call]


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    return set(error.allowed or ()) if isinstance(error, UnexpectedCharacters) else set()


def _word(name: str, parser: Lark) -> str:
    """A terminal in words that the author of a definition understands."""
    if name in _NAMES:
        return _NAMES[name]
    pattern = parser.get_terminal(name).pattern
    if not isinstance(pattern, PatternRE):
        return pattern.value
    return re.sub(r"\(\?=.*", "", pattern.value).replace(r"\s+", " ").removesuffix(r"\b")


def _offender(source: str, position: int) -> str:
    match = re.match(r"\w[\w.\-]*|\S", source[position:])
    return match[0] if match else ""


def _shown(text: str) -> str:
    return f"“{text}”" if text else "the end of the text"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else "nothing more"


def _suggestion(text: str, rest: str, typed: Sequence[str], words: Sequence[str]) -> str | None:
    """The nearest expected word that can be typed; the word in quotes if only those are missing."""
    only = _typable(words[0], typed) if len(words) == 1 else None
    if not text:
        return only
    keywords = [word for word in typed if word not in DESCRIPTIONS]
    for count, alike in ((1, _TYPO), (4, _TYPO), (3, _TYPO), (1, 0.6), (2, 0.6)):
        if near := nearest(" ".join(rest.lower().split()[:count]), keywords, alike):
            return near
    if _NAMES["STRING"] in typed and text[0].isalpha():
        return f'"{text}"'
    return only


def _typable(word: str, typed: Sequence[str]) -> str | None:
    """An example to type for the description of an expected terminal."""
    if word not in DESCRIPTIONS:
        return None if word == _CONDITION else word
    return _TYPED.get(word) or next((each for each in typed if each not in DESCRIPTIONS), None)
