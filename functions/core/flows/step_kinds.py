"""Every kind of step, by its key."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from functions.core.flows.step_kind import StepKind

PACKAGE = "functions.core.flows.steps"


@cache
def step_kinds() -> Mapping[str, StepKind]:
    """The record ``STEP`` of every module of the package ``steps``, in their order; imported at the first call."""
    modules = (import_module(f"{PACKAGE}.{module.name}") for module in iter_modules(import_module(PACKAGE).__path__))
    kinds: list[StepKind] = [module.STEP for module in modules]
    return {kind.key: kind for kind in sorted(kinds, key=lambda kind: kind.place)}


def kind_of(step: Mapping[str, Any]) -> StepKind | None:
    """The kind of a step's JSON; None for a step that was refused, which has none."""
    return step_kinds().get(step.get("do", ""))
