"""random: a fixed random share of all profiles."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.language import fields, formatting
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, View
from functions.core.timelines.filters import constant

_WHOLE = 1 << 48
_SHARE = {"type": "number", "exclusiveMinimum": 0, "maximum": 100}


def share(salt: str, profile: str) -> Decimal:
    """The profile's position between 0 and 100 per cent, from a hash of salt and profile id."""
    text = f"{salt}\0{profile}".encode("utf-8", "surrogatepass")
    return Decimal(int.from_bytes(hashlib.sha256(text).digest()[:6])) * 100 / _WHOLE


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    salt, percent = node["salt"], constant(node["percent"])

    def verdict(view: View) -> Instant:
        return FOREVER if share(salt, view.profile) < percent else -FOREVER

    return Condition((), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    return {"place": f"{share(node['salt'], view.profile):.2f}"}


def _percent(value: Any) -> Iterator[tuple[str, str | None]]:
    complaints = list(fields.number(value))
    yield from complaints
    if not complaints and not 0 < value <= 100:
        yield "must be more than 0 and at most 100 per cent", None


def _built(parts: Sequence[Any]) -> dict[str, Any]:
    return {"op": "random", "percent": parts[0], "salt": parts[1]}


def _share(node: Node) -> str:
    return f"a random {formatting.number(node['percent'])}% drawn by {formatting.value_words(node['salt'])}"


OPERATORS = (
    Operator(
        key="random",
        title="random",
        meaning="A share of everybody, drawn by a hash of the salt and the profile's id: always the same "
        "people for the same salt, and others for another. A larger share holds everybody of a "
        "smaller one. Who turns out to be the same person as another is drawn as the profile that "
        "remains.",
        examples=('random 20% of "spring test"', 'not random 2.5% of "holdout"'),
        grammar="""
random: "random" number "%" "of" string | "are in a random" number "%" "drawn by" string
not_random: "are not in a random" number "%" "drawn by" string
""",
        leaves=("random", "not_random"),
        rules={"random": _built, "not_random": lambda parts: {"op": "not", "of": _built(parts)}},
        text=lambda node: f"random {formatting.number(node['percent'])}% of {formatting.quoted(node['salt'])}",
        sentence=lambda node: f"are in {_share(node)}",
        negation=lambda node: f"are not in {_share(node)}",
        fields={"percent": Field(Check(_percent, _SHARE), required=True), "salt": Field(fields.text, required=True)},
        compile=_compile,
        explain=_explain,
    ),
)
