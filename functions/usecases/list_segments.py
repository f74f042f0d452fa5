"""List the segments: what each means, and how many people are in it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from functions.core.answers import pages
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import sentence
from functions.core.scores.link import tier_segments
from functions.usecases.context import Context
from functions.usecases.members import bounded_view, counts


def segments(context: Context, start: str | None = None, *, counted: bool) -> dict[str, Any]:
    """A page of the segments in order of id, tiers of scores among them; ``counted`` adds counts of everybody."""
    current = sorted(_segments(context.ports.definitions.current()), key=lambda each: each.id)
    counted_segments = counts(context) if counted else None
    views = (
        {"id": each.id, "name": each.body.get("name") or each.id, "version": each.version}
        | sentence(each, context.ruleset.style)
        | (
            {}
            if counted_segments is None
            else {"count": counted_segments.people[each.id], **bounded_view(counted_segments.bounded[each.id])}
        )
        for each in current
    )
    page = pages.by_id(views, start)
    return {"segments": page.items, "next": page.next}


def _segments(current: list[Definition]) -> Iterator[Definition]:
    for each in current:
        if each.kind == "segments":
            yield each
        for name, body in tier_segments(each.body).items() if each.kind == "scores" else ():
            yield replace(each, kind="segments", id=name, body=body)
