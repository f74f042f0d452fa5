"""Every operator of the language, by its key."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from functions.core.segments.operator import Operator

PACKAGE = "functions.core.segments.operators"


@cache
def operators() -> Mapping[str, Operator]:
    """The records in ``OPERATORS`` of every module of the package ``operators``.

    They are imported at the first call: an operator made of conditions uses what describes and compiles conditions.
    """
    return {
        operator.key: operator
        for module in iter_modules(import_module(PACKAGE).__path__)
        for operator in import_module(f"{PACKAGE}.{module.name}").OPERATORS
    }
