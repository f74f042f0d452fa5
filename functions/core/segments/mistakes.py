"""What to say of a text that does not parse: where, what was expected, and the nearest word that would do."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternRE

from functions.core.errors import Fault
from functions.core.segments.operator import Doubled

_NAMES = {
    "STRING": "text in quotes",
    "EVENTS_ID": "the id of named events",
    "NUMBER": "a number",
    "PLAIN": "a number",
    "PATH": "a property",
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

_ALSO = re.compile(r"(?:have|are|were|is|was|that|whose|each|none of their|of their|with the same|in EUR)\b")


def without_comments(source: str) -> str:
    """The text with spaces where comments were, so that places stay."""
    pattern = r"(\"(?:[^\"\\\n]|\\.)*\"|“[^”\n]*”)|#[^\n]*"
    return re.sub(pattern, lambda found: found[1] or " " * len(found[0]), source)


def doubled(error: Doubled, place: tuple[int, int] | None) -> Fault:
    """A clause that is said twice."""
    line, column = place or (1, 1)
    return Fault(f"{error.key!r} is said twice for the same condition", "when", line, column)


def fault_of(error: UnexpectedInput, source: str, parser: Lark, spoken: Sequence[str] = ()) -> Fault:
    """The fault behind a parser's error; ``spoken`` are the labels of events that may begin a condition."""
    position = len(source.rstrip()) if _at_end(error) else error.pos_in_stream or 0
    line, column = source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)
    names = {name for name in _expected(error) if name != "IGNORE" and not name.startswith("__")}
    words = sorted({_word(name, parser) for name in names})
    found = _offender(source, position)
    # Sentences have many ways to begin; the canonical text is what one learns.
    message = f"{_shown(found)} was not expected here: expected {_listed([w for w in words if not _ALSO.match(w)])}"
    known = [*words, *(spoken if "PAST" in names else ())]
    return Fault(message, "when", line, column, _suggestion(found, source[position:], known))


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    return set(error.allowed or ()) if isinstance(error, UnexpectedCharacters) else set()


def _word(name: str, parser: Lark) -> str:
    """A terminal as the writer of a definition knows it."""
    if name in _NAMES:
        return _NAMES[name]
    pattern = parser.get_terminal(name).pattern
    if not isinstance(pattern, PatternRE):
        return pattern.value
    return re.sub(r"\(\?=.*", "", pattern.value).replace(r"\s+", " ").removesuffix(r"\b")


def _offender(source: str, position: int) -> str:
    found = re.match(r"\w[\w.\-]*|\S", source[position:])
    return found[0] if found else ""


def _shown(found: str) -> str:
    return f"“{found}”" if found else "the end of the text"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else "nothing more"


def _suggestion(found: str, rest: str, words: list[str]) -> str | None:
    """The nearest expected word; quotes when only they are missing."""
    canonical = [word for word in words if not _ALSO.match(word)]
    only = canonical[0] if len(canonical) == 1 else None
    if not found:
        return only
    said = re.match(r"\w+(?:\s+\w+)?", rest)
    for candidate in (said[0].lower() if said else found, found.lower()):
        near = get_close_matches(candidate, words, n=1, cutoff=0.6)
        if near:
            return near[0]
    if _NAMES["STRING"] in words and found[0].isalpha():
        return f'"{found}"'
    return only
