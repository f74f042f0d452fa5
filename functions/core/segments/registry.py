"""The registry of all operators of the language, by key."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from functions.core.segments.operator import Operator

PACKAGE = "functions.core.segments.operators"


@cache
def operators() -> Mapping[str, Operator]:
    """The ``OPERATORS`` of every module in the package ``operators``, by key.

    The modules are imported at the first call: some operators import modules that describe and compile conditions, and
    those need this registry.
    """
    return {
        operator.key: operator
        for module in iter_modules(import_module(PACKAGE).__path__)
        for operator in import_module(f"{PACKAGE}.{module.name}").OPERATORS
    }
