"""The registry of the records of kinds of definition."""

from functools import cache
from importlib import import_module

from functions.core.base.errors import Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions import kinds
from functions.core.definitions.kind import KindRecord
from functions.core.definitions.records import Definition
from functions.core.segments.language.event_labels import PLAIN, Style


def known(kind: str) -> str:
    """The kind if it exists; raises NotFound, listing the kinds that exist."""
    if kind not in kinds.KINDS:
        message = f"no such kind; there are {', '.join(kinds.KINDS)}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, kinds.KINDS)))
    return kind


@cache
def kind_of(kind: str) -> KindRecord:
    """The record ``KIND`` of a kind's module, imported at the first call; raises NotFound for an unknown kind."""
    record: KindRecord = import_module(f"{kinds.__name__}.{known(kind)}").KIND
    return record


def sentence(definition: Definition, style: Style = PLAIN) -> dict[str, str]:
    """The English summary of a definition under the key ``sentence``; ``{}`` for kinds without one."""
    text = kind_of(definition.kind).sentence(definition.body, style)
    return {} if text is None else {"sentence": text}
