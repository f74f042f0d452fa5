"""Find the sources that the shop declares, for who takes their webhooks and for who replays them."""

from typing import TYPE_CHECKING

from functions.core.base.errors import Fault, UnknownSource
from functions.sources import SOURCES
from functions.usecases.context import Context

if TYPE_CHECKING:
    from functions.sources.base import Source

KIND = "sources"


def at_door(context: Context, name: str) -> "Source | None":
    """The declared source of a webhook's path; None if there is none.

    Raises UnknownSource if the shop has turned them off, or has put no secret there for this one.
    """
    body = None if name in SOURCES else context.ports.declared_sources.all().get(name)
    if body is None:
        return None
    from functions.sources import declared  # brings the parser of expressions, which no other sender needs
    from functions.sources.declared.verify import secrets_of

    secrets = context.ports.secrets
    if not secrets.has(declared.SECRET):
        right = f"sources=…,{declared.SECRET}"
        off = f"declared sources are off here; -c {right} turns them on"
        raise UnknownSource(Fault(off, "source", suggestion=right))
    if not any(secrets_of(name, read(declared.SECRET)) for read in (secrets.get, secrets.refresh)):
        raise UnknownSource(Fault(f"the source {name} has no secret yet: add it to that of declared sources", "source"))
    return declared.source_of(body)


def names(context: Context) -> tuple[str, ...]:
    """The names under which something may be in quarantine: of all sources, withdrawn ones too."""
    return (*SOURCES, *sorted(context.ports.declared_sources.all().keys() - SOURCES.keys()))


def for_replay(context: Context, name: str) -> "Source | None":
    """The source as it is declared right now; None if there is none, or not any more."""
    if name in SOURCES:
        return SOURCES[name]
    definitions = context.ports.definitions
    version = definitions.latest(KIND, name)
    current = definitions.version(KIND, name, version) if version else None
    if current is None:
        return None
    from functions.sources import declared  # brings the parser of expressions, which no other sender needs

    return declared.source_of(current.body)
