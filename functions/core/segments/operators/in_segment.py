"""in segment: membership in another segment."""

from collections.abc import Sequence

from functions.core.segments.language import fields, formatting
from functions.core.segments.operator import Condition, Field, Node, Operator


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    name = node["segment"]
    return Condition((), lambda view: view.segment(name), (name,))


OPERATORS = (
    Operator(
        key="in segment",
        title="in segment",
        meaning="Holds while the person is in the other segment. A segment cannot refer to itself, however many others "
        "lie between.",
        examples=('in segment "high-value"', 'not in segment "lapsed"'),
        grammar="""
in_segment: ("in segment" | "are in segment") string
not_in_segment: "are not in segment" string
""",
        leaves=("in_segment", "not_in_segment"),
        rules={
            "in_segment": lambda parts: {"op": "in segment", "segment": parts[0]},
            "not_in_segment": lambda parts: {"op": "not", "of": {"op": "in segment", "segment": parts[0]}},
        },
        text=lambda node: f"in segment {formatting.quoted(node['segment'])}",
        sentence=lambda node: f"are in segment {formatting.value_words(node['segment'])}",
        negation=lambda node: f"are not in segment {formatting.value_words(node['segment'])}",
        fields={"segment": Field(fields.text, required=True)},
        compile=_compile,
    ),
)
