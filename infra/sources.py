"""The storefronts that a shop has, as the context names them: ``shopify,woocommerce``, or ``none``.

``declared`` among them stands for all sources that the shop declares. Only they get a secret, an output and a grant.
"""

import difflib

from functions.topology import SECRETS, STOREFRONTS
from functions.topology_rows import Function, Secret

_NONE = "none"


def read(value: str) -> tuple[str, ...]:
    """The storefronts that are on, in the topology's order."""
    given = _names(value)
    return tuple(name for name in STOREFRONTS if name in given)


def faults(value: str) -> list[str]:
    """What is wrong with the value, in words."""
    known = ", ".join(STOREFRONTS)
    return [] if value == _NONE else [_fault(value, name, known) for name in _names(value) if name not in STOREFRONTS]


def secrets(on: tuple[str, ...]) -> tuple[Secret, ...]:
    """The secrets of the topology that are deployed with these storefronts."""
    return tuple(row for row in SECRETS if not row.storefront or row.name in on)


def narrowed(row: Function, on: tuple[str, ...]) -> Function:
    """The row without the grants of secrets that are not deployed."""
    deployed = {each.name for each in secrets(on)}
    return row._replace(grants=tuple(each for each in row.grants if each.kind != "secret" or each.name in deployed))


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",")]


def _fault(value: str, name: str, known: str) -> str:
    near = difflib.get_close_matches(name, STOREFRONTS, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"sources={value!r}: {name!r} is none of {known}, nor is it {_NONE} alone{meant}"
