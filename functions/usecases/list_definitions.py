"""Show definitions: the current ones of a kind, or one version in full."""

from typing import Any

from functions.core.answers import pages
from functions.core.answers.views import definition_view, instant
from functions.core.base.errors import Fault, NotFound
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import known, sentence
from functions.usecases.context import Context


def listing(context: Context, kind: str, start: str | None = None) -> dict[str, Any]:
    """A page of the current definitions of the kind, by id; raises NotFound for a kind that does not exist."""
    known(kind)
    current = (each for each in context.ports.definitions.current() if each.kind == kind)
    definitions = sorted(current, key=lambda each: each.id)
    views = (definition_view(each) | sentence(each, context.ruleset.style) for each in definitions)
    page = pages.by_id(views, start)
    return {"definitions": page.items, "next": page.next}


def show(context: Context, kind: str, name: str, version: int | None) -> dict[str, Any]:
    """A definition's text and checked body, in its current version unless ``version`` is given; raises NotFound."""
    known(kind)
    definition = (
        _current(context, kind, name) if version is None else context.ports.definitions.version(kind, name, version)
    )
    if definition is None:
        what = f"{kind} {name!r}" if version is None else f"version {version} of {kind} {name!r}"
        raise NotFound(Fault(f"there is no {what}{_withdrawn(context, kind, name)}", "id"))
    sentences = {} if definition.withdrawn else sentence(definition, context.ruleset.style)
    return definition_view(definition) | sentences | {"text": definition.text, "json": definition.body}


def _withdrawn(context: Context, kind: str, name: str) -> str:
    """A clause that says who withdrew the definition and when, and how to read it; empty if nobody did."""
    last = next(reversed(context.ports.definitions.versions(kind, name)), None)
    if last is None or not last.withdrawn:
        return ""
    return f": {last.author} withdrew it at {instant(last.time)}; ?version={last.replaces} shows what it was"


def _current(context: Context, kind: str, name: str) -> Definition | None:
    current = context.ports.definitions.current()
    return next((each for each in current if each.address == (kind, name)), None)
