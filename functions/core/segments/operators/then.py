"""did … then …: a sequence of events in order."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.language import fields, filter_fields, formatting
from functions.core.segments.language.fields import WITHIN
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import (
    Check,
    Condition,
    Field,
    Node,
    Operator,
    Verdict,
    View,
    merged,
    optional_seconds,
)
from functions.core.segments.parts.sealed import capped
from functions.core.segments.parts.source import EntrySource, occurrences
from functions.core.timelines.entry import Entry

MOST_STEPS = 10
_SEVERAL = {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 2, "maxItems": MOST_STEPS}

# By step, the identities of the events that match it.
_Steps = list[list[Hashable]]


def _sources(node: Node) -> list[EntrySource]:
    """One source of entries per step, in all of which an event has the same identity."""
    keys, whole = occurrences(*node["steps"]), _share_events(node)
    common = {"group": node.get("by"), "keep": None, "horizon": optional_seconds(node.get("last")), "whole": whole}
    return [EntrySource(step, occurrence=keys, **common) for step in node["steps"]]


def _share_events(node: Node) -> bool:
    """True if one event can match several steps, so that entries must identify their event."""
    names = [name for step in node["steps"] for name in set(event_names(step["events"]))]
    return len(names) > len(set(names))


def _event(entry: Entry, step: int, whole: bool) -> Hashable:
    """The identity of an entry's event; steps without an event name in common never share one."""
    return entry.identity if whole else (step, entry.identity)


def _by_second(entries_of_steps: Sequence[Sequence[Entry]], start: int, whole: bool) -> dict[Any, dict[int, _Steps]]:
    """The entries later than ``start`` by correlation key and second, as lists of event identities per step."""
    by_key: dict[Any, dict[int, _Steps]] = defaultdict(dict)
    for step, entries in enumerate(entries_of_steps):
        for entry in entries:
            if entry.time > start:
                seconds = by_key[entry.value]
                if entry.time not in seconds:
                    seconds[entry.time] = [[] for _ in entries_of_steps]
                seconds[entry.time][step].append(_event(entry, step, whole))
    return by_key


def _latest_start(seconds: Mapping[int, _Steps], steps: int, span: int | None) -> int | None:
    """The start (seconds UTC) of the latest complete sequence, None if there is none.

    Of sequences that have completed the same steps, only the one that started last is followed.
    """
    starts: list[int | None] = [None] * steps
    latest: int | None = None
    for time in sorted(seconds):
        before, starts[0] = list(starts), time
        before[0] = time
        for done in range(steps):
            start = before[done]
            if start is None:
                continue
            reached = _goes_on(seconds[time], done)
            for step in range(done + 1, min(reached, steps - 1) + 1):
                starts[step] = max(start, starts[step] or start)
            if reached == steps and (span is None or start >= time - span):
                latest = max(start, latest or start)
    return latest


def _goes_on(steps: _Steps, done: int) -> int:
    """The number of steps completed after this second, each by a different event; its events are unordered."""
    taken: dict[Hashable, int] = {}
    while done < len(steps) and _assigned(done, steps, taken, set()):
        done += 1
    return done


def _assigned(step: int, steps: _Steps, taken: dict[Hashable, int], tried: set[Hashable]) -> bool:
    """True if an event can be assigned to the step, reassigning other steps' events if needed (bipartite matching)."""
    for key in steps[step]:
        if key not in tried:
            tried.add(key)
            if key not in taken or _assigned(taken[key], steps, taken, tried):
                taken[key] = step
                return True
    return False


def _begun(node: Node, entries: Sequence[Sequence[Entry]], now: int) -> int | None:
    window, span = optional_seconds(node.get("last")), optional_seconds(node.get("within"))
    start, whole = -FOREVER if window is None else now - window, _share_events(node)
    starts = [_latest_start(seconds, len(entries), span) for seconds in _by_second(entries, start, whole).values()]
    return max((each for each in starts if each is not None), default=None)


def _verdict(node: Node, sources: Sequence[EntrySource]) -> Verdict:
    window = optional_seconds(node.get("last"))

    def verdict(view: View) -> Instant:
        entries = [source.entries(view) for source in sources]
        start = _begun(node, entries, view.now) if all(entries) else None
        if start is None:
            return -FOREVER
        return FOREVER if window is None else start + window

    return verdict


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    sources = _sources(node)
    return Condition(tuple(spec for source in sources for spec in source.specs), _verdict(node, sources))


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    sources = _sources(node)
    start = _begun(node, [source.entries(view) for source in sources], view.now)
    return {"started": start, **capped(view, *(spec for source in sources for spec in source.specs))}


def _steps(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_STEPS:
        yield f"must be a list of 2 to {MOST_STEPS} steps", None
        return
    for step in value:
        yield from filter_fields.step(step)


def _built(parts: Sequence[Any]) -> dict[str, Any]:
    first, *rest = parts
    step = {name: value for name, value in first.items() if name in ("events", "where")}
    steps = [step, *(part for part in rest if "events" in part)]
    clauses = [part for part in rest if "events" not in part]
    return {"op": "then", **merged([{"steps": steps}, *clauses, {k: v for k, v in first.items() if k not in step}])}


def _text(node: Node) -> str:
    text = f"did {' then '.join(map(formatting.step_text, node['steps']))}"
    if "within" in node:
        text += f" within {node['within']}"
    if "by" in node:
        text += f" by {formatting.path(node['by'])}"
    return text + (f" in the last {node['last']}" if "last" in node else "")


def _sentence(node: Node) -> str:
    text = " and then ".join(map(formatting.did_words, node["steps"]))
    if "within" in node:
        text += f" all within {formatting.a_span(node['within'])}"
    return text + formatting.same(node) + (f" in the last {formatting.span(node['last'])}" if "last" in node else "")


OPERATORS = (
    Operator(
        key="then",
        title="did … then …",
        meaning="An ordered sequence: each step happened at or after the one before, each by another event, "
        "the last at most `within` after the first. `by` asks for the same value of a key in all of "
        "them; events without the key are left out. `in the last W` looks only at events of that "
        "window. Events of one second are simultaneous: they may stand in any order.",
        examples=(
            'did "Product Viewed" then "Product Added" within 1 hour by product_id',
            'did "Option Checked" where option = "spa" then "Option Unchecked" where option = "spa" then "Room Booked" '
            "within 7 days in the last 30 days",
        ),
        grammar="""
sequence: head then_step+ sequence_clause*
past_sequence: (past | head) past_then+ sequence_clause*
past_then: "and then" (past_step | "did" step)
then_step: "then" step
?sequence_clause: within | all_within | by | in_last
in_last: "in the last" (span | one)
all_within: "all within" (span | a_one)
""",
        leaves=("sequence", "past_sequence"),
        rules={
            "sequence": _built,
            "past_sequence": _built,
            "past_then": lambda parts: parts[0],
            "then_step": lambda parts: parts[0],
            "in_last": lambda parts: {"last": parts[0]},
            "all_within": lambda parts: {"within": parts[0]},
        },
        text=_text,
        sentence=_sentence,
        fields={
            "steps": Field(Check(_steps, _SEVERAL), required=True),
            "within": WITHIN,
            "by": Field(fields.single_path),
            "last": WITHIN,
        },
        compile=_compile,
        explain=_explain,
    ),
)
