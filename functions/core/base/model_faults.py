"""Turns pydantic's errors into this project's faults: an error's type and place -> message and suggestion.

A fault is handed to pydantic as a custom error whose context holds its message, suggestion, line and column, so that
the faults of all depths arrive in one ValidationError, each with its ``loc``.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, PydanticCustomError, core_schema

from functions.core.base.errors import Fault, Refused
from functions.core.base.keys import nearest_key
from functions.core.base.limits import MOST_FAULTS
from functions.core.base.spelling import nearest

Loc = tuple[int | str, ...]
Suggestion = str | Callable[[Any], str | None] | None
_FAULT = "fault"
# The type of a fault whose message has {name} for its field: the name is unknown where the message is made.
_OF_FIELD = "fault of a field"
_STEP = re.compile(r"[^./\[\]]+")


def tag(name: str) -> str:
    """The tag of a union's member, in parentheses so that it differs from every key in an error's ``loc``."""
    return f"({name})"


def refuse(*faults: Fault, value: Any = None) -> NoReturn:
    """Raise the faults from inside a validator as a ValidationError; ``where`` is relative to the validated value."""
    raise refused(lines(*faults, value=value))


def refused(errors: list[InitErrorDetails]) -> ValidationError:
    """A ValidationError with these errors, to be raised by the caller."""
    return ValidationError.from_exception_data("definition", errors)


def lines(*faults: Fault, value: Any = None) -> list[InitErrorDetails]:
    """Convert faults to pydantic's error details; ``value`` is the value that was validated."""
    return [
        InitErrorDetails(
            type=_custom(fault.message, fault.suggestion, fault.line, fault.column), loc=_loc(fault.where), input=value
        )
        for fault in faults
    ]


def _custom(
    message: str, suggestion: str | None, line: int | None = None, column: int | None = None, kind: str = _FAULT
) -> PydanticCustomError:
    # The message is handed over as a value: it may hold braces, which pydantic would replace.
    details = {"message": message, "suggestion": suggestion, "line": line, "column": column}
    return PydanticCustomError(kind, "{message}", details)


def _loc(where: str) -> Loc:
    return tuple(int(step) if step.isdigit() else step for step in _STEP.findall(where))


def unknown(name: str, what: str, keys: Collection[str]) -> Fault:
    """The fault of an unknown key, with the key as its place: "… is not part of ``what``", and the key to suggest."""
    hint = nearest_key(name, keys)
    return Fault(f"{name!r} is not part of {what}{'' if hint else f', which has {_all(keys)}'}", name, suggestion=hint)


Complaints = Iterable[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Checked:
    """Refuses a value for which ``check`` yields complaints (message, suggestion); used inside ``Annotated``."""

    check: Callable[[Any], Complaints]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
        if faults := [Fault(message, suggestion=hint) for message, hint in self.check(value)]:
            refuse(*faults, value=value)
        return handler(value)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Parses a value with a function; if that raises Refused, its faults are reported. Used inside ``Annotated``."""

    parse: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._validate, handler(source))

    def _validate(self, value: Any) -> Any:
        try:
            return self.parse(value)
        except Refused as refused:
            refuse(*refused.faults, value=value)


@dataclass(frozen=True, slots=True)
class Says:
    """Replaces every message of pydantic about the value itself with one message.

    Used inside ``Annotated``. {name} in the message or the suggestion is the field's name. Errors inside the value (of
    its members) keep their own messages. ``suggestion`` may be a function of the value. ``when_missing`` is True if the
    message also suits a field that is absent.
    """

    message: str
    suggestion: Suggestion = None
    when_missing: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if any(not each["loc"] and each["type"] not in (_FAULT, _OF_FIELD) for each in errors):
                raise self.fault(value) from None
            raise

    def fault(self, value: Any) -> PydanticCustomError:
        """The error for this value, with the message and the suggestion."""
        hint = self.suggestion(value) if callable(self.suggestion) else self.suggestion
        return _custom(self.message, hint, kind=_OF_FIELD)


def worded(
    error: ValidationError, strange: Callable[[str], Fault], fields: Mapping[str, FieldInfo]
) -> list[InitErrorDetails]:
    """The errors with this project's messages: unknown keys first, then the rest in the order of the model's fields.

    Of more than ``MOST_FAULTS`` the first are told, since each has its place looked up in the text.

    ``strange`` returns the fault of an unknown key, ``fields`` are the model's fields by their key in the text.
    """
    errors = sorted(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")[:MOST_FAULTS]
    return [
        InitErrorDetails(type=_type(each, strange, fields), loc=each["loc"], input=each["input"]) for each in errors
    ]


def kept(error: ValidationError) -> list[InitErrorDetails]:
    """The errors of a ValidationError whose messages are this project's already."""
    return worded(error, lambda name: unknown(name, "this", ()), {})


def _type(error: ErrorDetails, strange: Callable[[str], Fault], fields: Mapping[str, FieldInfo]) -> PydanticCustomError:
    kind, details, name = error["type"], error.get("ctx", {}), _name(error["loc"])
    if kind == _FAULT:
        return _custom(details["message"], details["suggestion"], details["line"], details["column"])
    if kind == _OF_FIELD:
        return _named(name, details["message"], details["suggestion"])
    if kind == "extra_forbidden":
        fault = strange(name)
        return _custom(fault.message, fault.suggestion)
    return _named(name, *(_absent(fields[name]) if kind == "missing" else _WORDS.get(kind, _as_it_is)(error)))


def _named(name: str, message: str, suggestion: str | None) -> PydanticCustomError:
    """The error with the field's name in the place of {name}."""
    return _custom(message.replace("{name}", name), suggestion and suggestion.replace("{name}", name))


def _absent(field: FieldInfo) -> tuple[str, str | None]:
    """Message and suggestion for an absent required field: those of its last ``Says``, or that it is missing."""
    says = next((each for each in reversed(field.metadata) if isinstance(each, Says) and each.when_missing), None)
    if says is not None:
        return says.message, says.suggestion(None) if callable(says.suggestion) else says.suggestion
    return "{name} is missing", f"{{name}}: {field.examples[0]}" if field.examples else None


def _name(loc: Loc) -> str:
    return next((each for each in reversed(loc) if isinstance(each, str) and not is_tag(each)), "this")


def is_tag(step: int | str) -> bool:
    """True if a part of pydantic's ``loc`` names no node of the document: a union's tag, or the mark of a key."""
    return isinstance(step, str) and (step[:1] + step[-1:] == "()" or step == "[key]")


def in_quotes(value: Any) -> str | None:
    """The text to suggest for what YAML reads as a number or a truth value: `2026` -> `"2026"`; None for the rest."""
    return f'"{str(value).lower()}"' if isinstance(value, bool | int | Decimal) else None


def _all(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _one_of(error: ErrorDetails) -> tuple[str, str | None]:
    words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    return f"{{name}} is {', '.join(words[:-1])} or {words[-1]}", nearest(error["input"], words, 0.5) or words[0]


def _as_it_is(error: ErrorDetails) -> tuple[str, str | None]:
    return f"{{name}}: {error['msg'][:1].lower()}{error['msg'][1:]}", None


_WORDS: Mapping[str, Callable[[ErrorDetails], tuple[str, str | None]]] = {
    "string_type": lambda error: ("{name} is text", in_quotes(error["input"])),
    "string_too_short": lambda error: ("{name} is empty", None),
    "string_too_long": lambda error: (f"{{name}} is text of at most {error['ctx']['max_length']} characters", None),
    "bool_type": lambda error: ("{name} is true or false", "true"),
    "literal_error": _one_of,
    "dict_type": lambda error: ("{name} is names with their values", None),
    "list_type": lambda error: ("{name} is a list", None),
    "too_short": lambda error: (f"{{name}} is a list of at least {error['ctx']['min_length']}", None),
    "too_long": lambda error: (f"{{name}} is a list of at most {error['ctx']['max_length']}", None),
}


def faults_of(error: ValidationError) -> Iterator[tuple[Fault, Loc]]:
    """The faults in a ``DefinitionModel``'s ValidationError, each with pydantic's ``loc`` of it."""
    for each in error.errors(include_url=False)[:MOST_FAULTS]:
        details = each["ctx"]
        yield Fault(details["message"], "", details["line"], details["column"], details["suggestion"]), each["loc"]
