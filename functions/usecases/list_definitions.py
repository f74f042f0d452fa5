"""Show definitions: the current ones of a kind, or one as it was saved."""

from typing import Any

from functions.core.errors import Fault, NotFound
from functions.core.kinds import known, sentence
from functions.core.ports import Ports
from functions.core.records import Definition
from functions.core.views import definition_view


def listing(kind: str, ports: Ports) -> dict[str, Any]:
    """The current definitions of the kind, by id."""
    known(kind)
    found = sorted((each for each in ports.definitions.current() if each.kind == kind), key=lambda each: each.id)
    return {"definitions": [definition_view(each) | sentence(each) for each in found]}


def show(kind: str, name: str, version: int | None, ports: Ports) -> dict[str, Any]:
    """The definition's text and checked form, of the current version unless another is asked for."""
    known(kind)
    found = _current(kind, name, ports)
    if found is not None and version is not None and version != found.version:
        found = ports.definitions.version(kind, name, version)
    if found is None:
        what = f"{kind} {name!r}" if version is None else f"version {version} of {kind} {name!r}"
        raise NotFound(Fault(f"there is no {what}", "id"))
    return definition_view(found) | sentence(found) | {"text": found.text, "json": found.body}


def _current(kind: str, name: str, ports: Ports) -> Definition | None:
    current = ports.definitions.current()
    return next((each for each in current if (each.kind, each.id) == (kind, name)), None)
