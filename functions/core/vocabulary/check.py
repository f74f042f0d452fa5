"""Names in a definition that nobody knows: what is warned of, and what is refused.

A name is known if it is standard, if a definition of events lists it, or if it was seen. That a flow starts with an
event, or that an example has it, proves nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from functions.core.errors import Fault
from functions.core.segments.fields import nearest
from functions.core.segments.nested import mappings
from functions.core.vocabulary import standard
from functions.core.vocabulary.seen import CATEGORY, Names, Sort

if TYPE_CHECKING:
    from functions.core.document import Document
    from functions.core.records import Definition

_ONE = {"events": "event", "properties": "property", "categories": "category"}
_GOAL = "a goal that never comes would never stop the mails; `strict: false` publishes it all the same"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known names of each sort. Categories are judged only once some were seen."""

    events: frozenset[str]
    properties: frozenset[str]
    categories: frozenset[str]
    judges_categories: bool = False

    def of(self, sort: Sort) -> frozenset[str]:
        """The known names of one sort."""
        found: frozenset[str] = getattr(self, sort)
        return found


def vocabulary(current: Iterable["Definition"], seen: Names) -> Vocabulary:
    """What is known: standard names, those that definitions of events list, and those that were seen."""
    listed = (each.body["any of"] for each in current if each.kind == "events")
    return Vocabulary(
        frozenset(standard.EVENTS).union(seen["events"], *listed),
        standard.PROPERTIES | seen["properties"],
        standard.CATEGORIES | seen["categories"],
        bool(seen["categories"]),
    )


def strictness(given: Mapping[str, Any], faults: list[Fault]) -> dict[str, bool]:
    """What a definition says of its own strictness, to be part of its body: nothing if it says nothing."""
    said = given.get("strict")
    if said is None:
        return {}
    if not isinstance(said, bool):
        faults.append(Fault("strict is true or false", "strict", suggestion="true"))
    return {"strict": said is True}


def judge(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> tuple[list[Fault], list[Fault]]:
    """What to refuse of a checked body, and what to warn of, each with its place in the text.

    A flow's goal is refused unless the definition says ``strict: false``; everything is where it says ``strict: true``.
    """
    strict = body.get("strict")
    goals = list(_of_goal(body, document, known))
    others = sorted(_of_rest(body, document, known), key=lambda fault: (fault.line or 0, fault.column or 0))
    if strict is True:
        return [*goals, *others], []
    return ([], [*goals, *others]) if strict is False else (goals, others)


def warnings_of(condition: Mapping[str, Any], text: str, known: Vocabulary) -> list[Fault]:
    """What to warn of in a condition that is not part of a definition, each with its place in the text."""
    return [
        _placed(text, name, _message(sort, name), _near(name, known.of(sort)))
        for sort, name in _unknown(condition, known)
    ]


def _of_goal(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> Iterator[Fault]:
    given = document.body.get("goal")
    said = given if isinstance(given, list) else [given]
    for sort, name in _unknown({"events": body.get("goal") or []}, known):
        where = f"goal[{said.index(name)}]" if isinstance(given, list) and name in said else "goal"
        message = f"{_message(sort, name)}: {_GOAL}" if body.get("strict") is None else _message(sort, name)
        yield document.place(Fault(message, where, suggestion=_near(name, known.events)))


def _of_rest(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> Iterator[Fault]:
    listed = [{"events": body[key]} for key in ("any of", "unless", "refunds") if isinstance(body.get(key), list)]
    parts = [body[key] for key in ("when", "rules", "start", "steps") if key in body]
    for sort, name in _unknown([*parts, *listed], known):
        yield document.mention(name, _message(sort, name), _near(name, known.of(sort)))


def _message(sort: Sort, name: str) -> str:
    return f"no {_ONE[sort]} {name!r} is known: it is not standard, no definition of events has it, and none was seen"


def _unknown(value: Any, known: Vocabulary) -> list[tuple[Sort, str]]:
    """The unknown names in the value, each once, in their order."""
    found = dict.fromkeys(_names(value))
    return [(sort, name) for sort, name in found if name not in known.of(sort) and _is_judged(sort, known)]


def _is_judged(sort: Sort, known: Vocabulary) -> bool:
    return sort != "categories" or known.judges_categories


def _names(value: Any) -> Iterator[tuple[Sort, str]]:
    """Every event, property and category that conditions, rules and starts of flows name."""
    for node in mappings(value):
        yield from (("events", each) for each in node.get("events") or () if isinstance(each, str))
        for key in ("property", "by"):
            if isinstance(node.get(key), str):
                yield from _of_path(node[key], node)


def _of_path(path: str, node: Mapping[str, Any]) -> Iterator[tuple[Sort, str]]:
    steps = [step.removesuffix("[]") for step in path.split(".")]
    yield from (("properties", step) for step in steps)
    if steps[-1] == CATEGORY and node.get("compare") in ("=", "in"):
        values = node["value"] if isinstance(node["value"], list | tuple) else [node["value"]]
        yield from (("categories", each) for each in values if isinstance(each, str))


def _near(name: str, names: Iterable[str]) -> str | None:
    """The known name that was probably meant, whatever its case."""
    by_case = {each.casefold(): each for each in sorted(names)}
    found = nearest(name.casefold(), by_case)
    return by_case[found] if found else None


def _placed(text: str, name: str, message: str, suggestion: str | None) -> Fault:
    place = max(text.find(f'"{name}"'), 0) or max(text.find(name), 0)
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return Fault(message, "when", line, column, suggestion)
