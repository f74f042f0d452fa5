"""Which segments treat those whom their current version brings in as entering now, because its publication asked.

A wish is about everybody whose state has not been through it; each goes through it once. It begins when the version is
published or, if a flow that starts on the segment is new within a day, when that is: the segment has to come first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.core.definitions.records import Definition
from functions.core.scores.link import Borders, Scores, link, unknown
from functions.core.segments.engine.catalogue import LinkedEntry
from functions.core.segments.language.check import references

DAY = 86_400


def entries_on_publish(
    definitions: Sequence[Definition], segments: Mapping[str, Any], scores: Scores, borders: Borders
) -> dict[str, LinkedEntry]:
    """What to compile of the wishes, by segment.

    One whose segment's condition of before can no longer be told, since a tier in it is gone, is void: rather nobody is
    written to than somebody who was in.
    """
    found: dict[str, LinkedEntry] = {}
    for each in definitions:
        if each.entry_on_publish is None:
            continue
        before = each.entry_on_publish.before
        if before is None or not (unknown(before, scores) or references(before) - segments.keys()):
            found[each.id] = LinkedEntry(_begins(each, definitions), link(before, scores, borders))
    return found


def _begins(wished: Definition, definitions: Sequence[Definition]) -> int:
    """The publication that the wish begins with."""
    flows = (each for each in definitions if each.kind == "flows" and not each.replaces)
    started = (each for each in flows if each.body["start"].get("segment") == wished.id)
    return max([wished.revision, *(each.revision for each in started if each.time - wished.time <= DAY)])
