"""What every settings model has: where resources are, and what is said of a variable that is missing or refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from functions.topology_rows import Grant

# The settings of all parts.
_NAMES: set[str] = set()


class VariableFault(NamedTuple):
    """A variable that is refused, its value, and what is wrong with it."""

    variable: str
    value: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.variable}={self.value!r} {self.wrong}"


class SettingsError(ValueError):
    """The environment lacks a variable or holds values that are refused; ``faults`` lists all of them."""

    def __init__(self, text: str = "", faults: tuple[VariableFault, ...] = ()) -> None:
        super().__init__(text or "; ".join(map(str, faults)))
        self.faults = faults


def variable(kind: str, name: str) -> str:
    """The environment variable with a resource's name, URL or ARN: ``("table", "log")`` -> ``TABLE_LOG``."""
    return f"{kind}_{name}".upper().replace("-", "_")


def variable_of(grant: Grant) -> str | None:
    """The variable of a grant; None for e-mail, whose address is a setting."""
    return None if grant.kind == "email" else variable(grant.kind, grant.name)


class SettingsPart(BaseSettings):
    """The base of every settings model; ``places`` maps variables of resources to table names, queue URLs and ARNs."""

    # Only the models that are read are built.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", defer_build=True, env_ignore_empty=True)

    places: Mapping[str, str] = Field(default_factory=dict, repr=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        super().__pydantic_init_subclass__(**more)
        _NAMES.update(cls.model_fields)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what ``read`` passes: in the local host os.environ is not the function's."""
        return (init_settings,)

    def has_place(self, kind: str, name: str) -> bool:
        """True if this function was granted the resource."""
        return variable(kind, name) in self.places

    def place(self, kind: str, name: str) -> str:
        """The resource's name, URL or ARN; raises SettingsError if this function was not granted it."""
        try:
            return self.places[variable(kind, name)]
        except KeyError:
            raise SettingsError(f"{variable(kind, name)} is not set: the topology grants no {kind} {name}") from None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A setting of other functions has no value here, or its default would pass for what the shop has set."""
            if name in _NAMES:
                raise SettingsError(f"{name.upper()} is no setting of this function: its row in the topology lacks it")
            return super().__getattr__(name)
