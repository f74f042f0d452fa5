"""The columnar implementations by operator; an operator without one is evaluated person by person (``fallback.py``).

One that has none is answered person by person (``fallback.py``).
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np

from functions.core.segments.operator import Node

PACKAGE = "batch.operators"

# For whom the condition holds, given the evaluator that answers the conditions inside it.
Holds = Callable[[Any, Node], np.ndarray]


@cache
def columns() -> Mapping[str, Holds]:
    """The functions ``HOLDS`` of every module of the package ``operators``, imported at the first call."""
    return {
        key: holds
        for module in iter_modules(import_module(PACKAGE).__path__)
        for key, holds in import_module(f"{PACKAGE}.{module.name}").HOLDS.items()
    }
