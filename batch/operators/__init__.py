"""Operators in columns: every module of this package contributes those of its ``HOLDS``, by the key of the operator.

An operator of the engine that has none here is answered person by person (``each.py``).
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from batch.census import Holds

HOLDS: Mapping[str, Holds] = {
    key: holds
    for module in iter_modules(__path__)
    for key, holds in import_module(f"{__name__}.{module.name}").HOLDS.items()
}
