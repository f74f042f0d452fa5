"""What a function is told by its environment: one frozen model, parsed once on first use.

The environment holds, for every grant in the topology, where the resource is (``TABLE_LOG``, ``QUEUE_WAKES``,
``SECRET_WRITE_KEY``, ``BUS_SEGUE``) and, for every setting of the function, its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from functions.core.base import zones
from functions.topology import DEFAULTS, Grant


class SettingsError(ValueError):
    """The environment lacks a variable or holds one that does not parse; names every such variable."""


def variable(kind: str, name: str) -> str:
    """The environment variable that says where a resource is: ``("table", "log")`` -> ``TABLE_LOG``."""
    return f"{kind}_{name}".upper().replace("-", "_")


def variable_of(grant: Grant) -> str | None:
    """The variable of a grant; None for e-mail, whose address is a setting."""
    return None if grant.kind == "email" else variable(grant.kind, grant.name)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one function. ``places`` maps resource variables to table names, queue URLs, ARNs."""

    places: Mapping[str, str]
    shop_currency: str
    shop_timezone: str
    shop_name: str
    shop_address: str
    shop_url: str
    shop_language: str
    from_address: str
    reply_to: str
    public_url: str
    configuration_set: str
    consent_default: Literal["explicit", "implied"]
    log_retention_days: int
    due_shards: int
    definitions_max_age: int
    messages_per_day: int
    refresh_sample: int
    backfill_lanes: int

    def place(self, kind: str, name: str) -> str:
        """Where the resource is; raises SettingsError if this function was not granted it."""
        try:
            return self.places[variable(kind, name)]
        except KeyError:
            raise SettingsError(f"{variable(kind, name)} is not set: the topology grants no {kind} {name}") from None


def parse(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError naming every variable that is wrong."""
    values = {name: environment.get(name) or default for name, default in DEFAULTS.items()}
    faults = [
        f"{name}={values[name]!r} is not a whole number above zero"
        for name in ("LOG_RETENTION_DAYS", "DUE_SHARDS", "MESSAGES_PER_DAY", "BACKFILL_LANES")
        if not values[name].isdigit() or int(values[name]) < 1
    ]
    if not values["DEFINITIONS_MAX_AGE"].isdigit():
        faults.append(f"DEFINITIONS_MAX_AGE={values['DEFINITIONS_MAX_AGE']!r} is not a whole number of seconds")
    if not values["REFRESH_SAMPLE"].isdigit() or int(values["REFRESH_SAMPLE"]) > 100:
        faults.append(f"REFRESH_SAMPLE={values['REFRESH_SAMPLE']!r} is not a whole number of per cent")
    if values["CONSENT_DEFAULT"] not in ("explicit", "implied"):
        faults.append(f"CONSENT_DEFAULT={values['CONSENT_DEFAULT']!r} is neither explicit nor implied")
    zone = zones.canonical(values["SHOP_TIMEZONE"])
    if zone is None:
        faults.append(f"SHOP_TIMEZONE={values['SHOP_TIMEZONE']!r} is not the name of a time zone such as Europe/Berlin")
    if faults:
        raise SettingsError("; ".join(faults))
    prefixes = ("TABLE_", "QUEUE_", "SECRET_", "BUS_")
    return Settings(
        places={name: value for name, value in environment.items() if name.startswith(prefixes)},
        shop_currency=values["SHOP_CURRENCY"],
        shop_timezone=zone or "UTC",
        shop_name=values["SHOP_NAME"],
        shop_address=values["SHOP_ADDRESS"],
        shop_url=values["SHOP_URL"],
        shop_language=values["SHOP_LANGUAGE"],
        from_address=values["FROM_ADDRESS"],
        reply_to=values["REPLY_TO"],
        public_url=values["PUBLIC_URL"].rstrip("/"),
        configuration_set=values["CONFIGURATION_SET"],
        consent_default="implied" if values["CONSENT_DEFAULT"] == "implied" else "explicit",
        log_retention_days=int(values["LOG_RETENTION_DAYS"]),
        due_shards=int(values["DUE_SHARDS"]),
        definitions_max_age=int(values["DEFINITIONS_MAX_AGE"]),
        messages_per_day=int(values["MESSAGES_PER_DAY"]),
        refresh_sample=int(values["REFRESH_SAMPLE"]),
        backfill_lanes=int(values["BACKFILL_LANES"]),
    )
