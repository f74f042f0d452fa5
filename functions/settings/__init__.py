"""The settings of a function, read from its environment at first use: one frozen model per function, composed of parts.

Each part (``parts.py``) declares its settings once: type, default, meaning (docs/deploying.md's table is made from it)
and what is wrong with a value that is refused. A function's row in the topology names the parts of its model. The
environment holds:

FUNCTION     the function's name in the topology; a process without one has every setting
SHOP_NAME …  the settings, by their names in capitals; an empty one counts as absent
TABLE_LOG …  for every grant of the topology, where the resource is
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from functions.settings.base import SettingsError, SettingsPart, VariableFault, variable, variable_of
from functions.settings.parts import (
    Caps,
    Confirmation,
    Currency,
    Destinations,
    Freshness,
    Intake,
    Lanes,
    Letterhead,
    Name,
    Newcomers,
    Pace,
    Permission,
    Receivers,
    Retention,
    Sampling,
    Scan,
    Sender,
    Shards,
    Storefront,
    Timezone,
    Tokens,
    Tracking,
    Visitors,
)
from functions.settings.values import Wrong
from functions.topology import FUNCTIONS
from functions.topology_rows import Function

__all__ = [
    "DEFAULTS",
    "FIELDS",
    "GIVEN_BY_STACK",
    "PARTS",
    "Settings",
    "SettingsError",
    "VariableFault",
    "Wrong",
    "model_of",
    "read",
    "variable",
    "variable_of",
    "variables_of",
]

_PLACES = ("TABLE_", "QUEUE_", "SECRET_", "BUS_")


class Settings(
    Name,
    Letterhead,
    Storefront,
    Currency,
    Timezone,
    Sender,
    Permission,
    Caps,
    Pace,
    Confirmation,
    Retention,
    Sampling,
    Scan,
    Shards,
    Freshness,
    Lanes,
    Destinations,
    Receivers,
    Intake,
    Newcomers,
    Tokens,
    Tracking,
    Visitors,
):
    """Every setting: the model of a process that is no function; to type checkers, that of every function."""


PARTS = {part.__name__.lower(): part for part in Settings.__bases__}
# The field, with its default and its description, by variable; for deployment and its guide.
FIELDS: Mapping[str, FieldInfo] = {
    name.upper(): field for name, field in Settings.model_fields.items() if name != "places"
}
# Settings that the stack itself sets, or that have no use in a deployment.
GIVEN_BY_STACK = frozenset({"CONFIGURATION_SET", "LOCAL_RECEIVERS"})
DEFAULTS: Mapping[str, str] = {name: str(field.default) for name, field in FIELDS.items()}


@cache
def model_of(function: Function) -> type[Settings]:
    """The settings model of a function, composed of the parts that its row in the topology names."""
    parts: Any = tuple(PARTS[each] for each in function.settings) or (SettingsPart,)
    return cast("type[Settings]", create_model(f"{function.name.title()}Settings", __base__=parts))


def variables_of(function: Function) -> tuple[str, ...]:
    """The names of the environment variables of the function's settings."""
    return tuple(name.upper() for name in model_of(function).model_fields if name != "places")


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment; raises SettingsError, which names every variable that is wrong."""
    model = _model(environment.get("FUNCTION", ""))
    source = EnvSettingsSource(model, env_ignore_empty=True)
    source.env_vars = {name.lower(): value for name, value in environment.items() if value and name in DEFAULTS}
    places = {name: value for name, value in environment.items() if name.startswith(_PLACES)}
    try:
        return model.model_validate({**source(), "places": places})
    except ValidationError as error:
        faults = sorted((_fault(each, model) for each in error.errors()), key=lambda fault: fault.variable)
        raise SettingsError(faults=tuple(faults)) from None


def _model(name: str) -> type[Settings]:
    if not name:
        return Settings
    row = next((row for row in FUNCTIONS if row.name == name), None)
    if row is None:
        raise SettingsError(faults=(VariableFault("FUNCTION", name, "is no function of the topology"),))
    return model_of(row)


def _fault(error: ErrorDetails, model: type[Settings]) -> VariableFault:
    name = str(error["loc"][0])
    texts = (each.text for each in model.model_fields[name].metadata if isinstance(each, Wrong))
    return VariableFault(name.upper(), str(error["input"]), next(texts, error["msg"]))
