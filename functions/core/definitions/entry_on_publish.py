"""Segments whose current version was published with the request that profiles it adds count as entering now.

The request applies once to each profile, when its state is first evaluated with it. It takes effect when the version is
published or, if a new flow that starts on the segment is published within a day, with that flow: a segment has to be
published before flows that use it.
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
    """The entries on publish to compile, by segment id.

    A request is void if the condition of the segment's previous version refers to something that is gone, such as a
    tier: it is better to write to nobody than to profiles that were already in the segment.
    """
    entries: dict[str, LinkedEntry] = {}
    for each in definitions:
        if each.entry_on_publish is None:
            continue
        before = each.entry_on_publish.before
        if before is None or not (unknown(before, scores) or references(before) - segments.keys()):
            entries[each.id] = LinkedEntry(_begins(each, definitions), link(before, scores, borders))
    return entries


def _begins(wished: Definition, definitions: Sequence[Definition]) -> int:
    """The revision with which the request takes effect."""
    flows = (each for each in definitions if each.kind == "flows" and not each.replaces)
    started = (each for each in flows if each.body["start"].get("segment") == wished.id)
    return max([wished.revision, *(each.revision for each in started if each.time - wished.time <= DAY)])
