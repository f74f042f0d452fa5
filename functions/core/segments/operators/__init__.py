"""The operators: every module of this package contributes the records in its ``OPERATORS``."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from functions.core.segments.operator import Operator

BY_KEY: Mapping[str, Operator] = {
    operator.key: operator
    for module in iter_modules(__path__)
    for operator in import_module(f"{__name__}.{module.name}").OPERATORS
}
