"""The wrapper of every template filter: it limits work and size and turns errors into empty results.

A filter's result is text or a value, never HTML, so the page escapes it; only ``Markup`` from ``escape`` and
``newline_to_br`` is left unescaped.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from liquid.exceptions import FilterArgumentError, LocalNamespaceLimitError
from liquid.undefined import is_undefined

LONGEST = 100_000
# The budget of one rendering: each filter call costs 100 plus the sizes of its arguments and its result.
BUDGET = 3_000_000
_CALL = 100
_TOO_MUCH = "filters make too much text"
_MISTAKES = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter as python-liquid calls it; the result is empty for values that the filter cannot process."""
    wants_context = "context" in inspect.signature(function).parameters

    def wrapper(value: object, *args: object, context: Any) -> object:
        arguments = [_plain(each) for each in (value, *args)]
        spend(context, arguments)
        try:
            result = function(*arguments, context=context) if wants_context else function(*arguments)
        except _MISTAKES:
            return ""
        spend(context, [result])
        return result

    functools.update_wrapper(wrapper, function)
    vars(wrapper).update(with_context=True, validate=_validator(function))
    return wrapper


def spend(context: Any, values: list[Any]) -> None:
    """Charge a call to the rendering's budget; raises LocalNamespaceLimitError beyond it or for too large a value."""
    sizes = [len(value) for value in values if isinstance(value, str | list | Mapping)]
    spent = context.tag_namespace.get("spent", 0) + _CALL + sum(sizes)
    context.tag_namespace["spent"] = spent
    if spent > BUDGET:
        raise LocalNamespaceLimitError(_TOO_MUCH, token=None)
    bounded(max(sizes, default=0))


def bounded(size: int) -> None:
    """Raise LocalNamespaceLimitError for a text or list of more than ``LONGEST``; called before it is built."""
    if size > LONGEST:
        raise LocalNamespaceLimitError(_TOO_MUCH, token=None)


def _plain(value: object) -> object:
    if is_undefined(value):
        return None
    if isinstance(value, range):
        return None
    return str(value) if isinstance(value, str) else value


def _validator(function: Callable[..., Any]) -> Callable[..., None]:
    parameters = [p for name, p in inspect.signature(function).parameters.items() if name != "context"][1:]
    least, most = sum(p.default is p.empty for p in parameters), len(parameters)

    def validate(_env: Any, token: Any, name: str, args: list[Any]) -> None:
        if any(hasattr(each, "name") for each in args) or not least <= len(args) <= most:
            raise FilterArgumentError(f"{name} takes {_arity(least, most)}", token=token)

    return validate


def _arity(least: int, most: int) -> str:
    if most == 0:
        return "no argument"
    count = str(least) if least == most else f"{least} to {most}"
    return f"{count} argument{'' if count == '1' else 's'}"
