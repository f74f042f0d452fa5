"""Definitions read from files, for commands that need no host."""

from collections.abc import Iterable
from pathlib import Path

from cli.errors import CliError, Refusal, describe
from cli.folder import DefinitionFile, find
from functions.core.answers.views import fault_view
from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.loading import with_id
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.shop import named_events
from functions.core.scores.link import tier_segments
from functions.core.segments.language.check import references
from functions.core.segments.language.event_labels import SHIPPED, Labels, labels_of

_COUNTED = ("segments", "scores", "events", "rates")


def segments_of(path: Path) -> tuple[list[str], list[Definition]]:
    """The ids of the segments at the path, a file or a folder, and the definitions that they may refer to."""
    if path.is_dir():
        definitions = _read_all(each for each in find([path]) if each.kind in _COUNTED)
        tiers = [name for each in definitions if each.kind == "scores" for name in tier_segments(each.body)]
        return [*(each.id for each in definitions if each.kind == "segments"), *tiers], definitions
    if not path.is_file():
        raise CliError(f"{path} does not exist")
    beside = find([path.parent.parent]) if path.resolve().parent.name == "segments" else []
    named = _read_all(each for each in beside if each.kind in _COUNTED[1:])
    words = _labels(named)
    segment = read(DefinitionFile(path, "segments"), words)
    return [segment.id], [*_with_others(segment, beside, words), *named]


def _read_all(files: Iterable[DefinitionFile]) -> list[Definition]:
    """The definitions; those of events first, since the others may use their labels."""
    files = list(files)
    events = [read(each) for each in files if each.kind == "events"]
    words = _labels(events)
    return [*events, *(read(each, words) for each in files if each.kind != "events")]


def _labels(definitions: Iterable[Definition]) -> Labels:
    return labels_of(named_events(definitions))


def _with_others(segment: Definition, beside: list[DefinitionFile], words: Labels) -> list[Definition]:
    """The segment and those that it refers to, however far, as long as they are there."""
    files = {each.id: each for each in beside if each.kind == "segments"}
    definitions, waiting = {segment.id: segment}, [segment]
    while waiting:
        for name in sorted(references(waiting.pop().body["when"]) & files.keys() - definitions.keys()):
            definitions[name] = read(files[name], words)
            waiting.append(definitions[name])
    return list(definitions.values())


def read(file: DefinitionFile, words: Labels = SHIPPED) -> Definition:
    """The checked definition in a file; texts may use the labels. Raises Refusal."""
    text = file.text()
    try:
        body = kind_of(file.kind).load(with_id(text, file.id), None, words)
    except DefinitionRefused as refused:
        raise Refusal(_lines(file.path, refused), list(map(fault_view, refused.faults))) from None
    return Definition(file.kind, body["id"], 1, text, body, "", 0)


def _lines(path: Path, refused: DefinitionRefused) -> list[str]:
    return [describe(path, fault_view(fault)) for fault in refused.faults]
