"""The registry of the kinds of step."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from functions.core.flows.step_kind import StepKind

PACKAGE = "functions.core.flows.steps"


@cache
def step_kinds() -> Mapping[str, StepKind]:
    """The kinds by key, ordered by ``place``: the record ``STEP`` of every module of the package ``steps``.

    The modules are imported at the first call.
    """
    modules = (import_module(f"{PACKAGE}.{module.name}") for module in iter_modules(import_module(PACKAGE).__path__))
    kinds: list[StepKind] = [module.STEP for module in modules]
    return {kind.key: kind for kind in sorted(kinds, key=lambda kind: kind.place)}


def kind_of(step: Mapping[str, Any]) -> StepKind | None:
    """The kind of a step's JSON; None for an unknown kind, and for ``{}``, which stands for a refused step."""
    return step_kinds().get(step.get("do", ""))
