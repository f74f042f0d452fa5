"""The known destinations by key; each is the record ``DESTINATION`` in the module of that name."""

from importlib import import_module
from pkgutil import iter_modules

from functions.core.base.errors import Fault, UnknownDestination
from functions.destinations.base import Destination

# What receivers share.
_SHARED = frozenset({"base", "http"})


def destination_keys() -> list[str]:
    """The keys of all destinations, in alphabetical order."""
    return sorted(module.name for module in iter_modules(__path__) if module.name not in _SHARED)


def find(key: str) -> Destination:
    """The destination, imported at the first call; raises UnknownDestination, which names the known ones."""
    if key not in destination_keys():
        raise UnknownDestination(
            Fault(f"no destination {key!r}; known: {', '.join(destination_keys())}", "destinations")
        )
    record: Destination = import_module(f"{__name__}.{key}").DESTINATION
    return record


def named(keys: str) -> list[Destination]:
    """The destinations in the setting ``destinations``, a list with commas; "none" means none."""
    return [] if keys == "none" else [find(key) for key in dict.fromkeys(map(str.strip, keys.split(",")))]
