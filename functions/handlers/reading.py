"""Validates requests into models; raises Malformed with every fault at once, in the words of this API."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from functions.core.base.errors import Fault, Malformed
from functions.handlers.models.base import RequestModel

T = TypeVar("T", bound=RequestModel)

# Kinds of errors that validators of ours raise, with a message that is fit to be answered.
_OURS = ("fault", "whole", "flag", "twice")
_NOT_TEXT = ("missing", "string_type")
# The options of a literal, as pydantic lists them.
_QUOTED = re.compile("'([^']*)'")


def read(model: type[T], values: Mapping[str, Any]) -> T:
    """The model of what is given; raises Malformed with every fault, each at its place."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Malformed(*_faults(model, error)) from None


def _faults(model: type[RequestModel], error: ValidationError) -> Iterator[Fault]:
    for each in error.errors(include_url=False, include_input=False):
        where = ".".join(map(str, each["loc"]))
        worded = model.faults.get(re.sub(r"\d+", "*", where))
        if each["type"] in _OURS or worded is None:
            yield Fault(_message(each), where, suggestion=_suggestion(model, each))
        else:
            yield Fault(worded.message, where, suggestion=worded.suggestion)


def _message(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return f"not one of {', '.join(_QUOTED.findall(error['ctx']['expected']))}"
    return "missing or not text" if error["type"] in _NOT_TEXT else error["msg"]


def _suggestion(model: type[RequestModel], error: ErrorDetails) -> str | None:
    """What the validator suggests, else the field's default, else its first example."""
    if suggestion := error.get("ctx", {}).get("suggestion"):
        return str(suggestion)
    field = model.model_fields.get(str(error["loc"][0])) if error["loc"] else None
    if field is None or error["type"] == "flag":
        return None
    if field.default is not None and not field.is_required():
        return str(field.default)
    return str(field.examples[0]) if field.examples else None
