"""The kinds of definition: one module each, named like its kind, with a record ``KIND`` (``definitions.kind``)."""

from pkgutil import iter_modules

# Read from the names of the modules, none of which is imported for it: requests load this, and few need a record.
KINDS: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__)))
