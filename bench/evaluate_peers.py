"""Rule libraries, each handed its facts: told the numbers, it answers which segments hold.

Each is asked in the ways that its documentation offers; making its input ready and reading its answer are free.
"""

import ctypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.evaluate_segments import Fact, Leaf, Written

Told = Mapping[str, int]


def _verdicts(answer: Iterable[Any]) -> set[int]:
    return {number for number, holds in enumerate(answer) if holds}


@dataclass(frozen=True, slots=True)
class Library:
    """Segments compiled: facts by name become its input, that its answer, that the segments that hold."""

    evaluate: Callable[[Any], Any]
    prepare: Callable[[Told], Any] = dict
    read: Callable[[Any], set[int]] = _verdicts


Peer = Callable[[list[Written], list[Fact]], Library]


def names(facts: list[Fact]) -> dict[Fact, str]:
    """What the facts are called in an expression."""
    return {fact: f"f{number}" for number, fact in enumerate(facts)}


def plain(leaf: Leaf, called: str) -> str:
    """A condition as most libraries write it."""
    return f"({called} {leaf.compare} {leaf.value})"


def expressions(
    segments: list[Written], called: dict[Fact, str], symbols: Mapping[str, str], condition: Callable[[Leaf, str], str]
) -> list[str]:
    """The segments as texts, with somebody's symbols for and, or, not."""

    def text(segment: Written) -> str:
        def word(match: re.Match[str]) -> str:
            leaf = segment.leaves.get(match[0])
            return symbols.get(match[0], match[0]) if leaf is None else condition(leaf, called[leaf.fact])

        return re.sub(r"\w+", word, segment.shape)

    return list(map(text, segments))


def _expressions(segments: list[Written], facts: list[Fact], symbols: Mapping[str, str]) -> list[str]:
    return expressions(segments, names(facts), symbols, plain)


def rule_engine(segments: list[Written], facts: list[Fact]) -> Library:
    """Compiled rules, each asked."""
    import rule_engine

    rules = [rule_engine.Rule(text).matches for text in _expressions(segments, facts, {})]
    return Library(lambda told: [matches(told) for matches in rules])


def simple_eval(segments: list[Written], facts: list[Fact]) -> Library:
    """Expressions parsed beforehand, each asked."""
    import simpleeval

    evaluator = simpleeval.SimpleEval()
    parsed = [(text, evaluator.parse(text)) for text in _expressions(segments, facts, {})]

    def evaluate(told: Told) -> list[Any]:
        evaluator.names = told
        return [evaluator.eval(text, previously_parsed=tree) for text, tree in parsed]

    return Library(evaluate)


_SYMBOLS = {"and": "&&", "or": "||", "not": "!"}


def cel(segments: list[Written], facts: list[Fact]) -> Library:
    """Compiled programs, each asked over one activation."""
    from cel_expr_python import cel

    environment = cel.NewEnv(variables=dict.fromkeys(names(facts).values(), cel.Type.INT))
    programs = [environment.compile(text).eval for text in _expressions(segments, facts, _SYMBOLS)]
    return Library(lambda activation: [program(activation).value() for program in programs], environment.Activation)


def cel_whole(segments: list[Written], facts: list[Fact]) -> Library:
    """Programs that are lists of a thousand segments each, since longer text is refused."""
    from cel_expr_python import cel

    environment = cel.NewEnv(variables=dict.fromkeys(names(facts).values(), cel.Type.INT))
    texts = _expressions(segments, facts, _SYMBOLS)
    lists = [", ".join(texts[start : start + 1000]) for start in range(0, len(texts), 1000)]
    programs = [environment.compile(f"[{each}]").eval for each in lists]
    return Library(
        lambda activation: [holds for program in programs for holds in program(activation).plain_value()],
        environment.Activation,
    )


def zen(segments: list[Written], facts: list[Fact]) -> Library:
    """Compiled expressions, each asked with its own facts only, since each copies its whole context."""
    import zen

    called = names(facts)
    own = [[called[leaf.fact] for leaf in segment.leaves.values()] for segment in segments]
    asked = [zen.compile_expression(text).evaluate for text in _expressions(segments, facts, {})]
    return Library(
        lambda facts_of_rules: [evaluate(told) for evaluate, told in zip(asked, facts_of_rules, strict=True)],
        lambda told: [{name: told[name] for name in each} for each in own],
    )


def zen_whole(segments: list[Written], facts: list[Fact]) -> Library:
    """One expression, a list of all the segments."""
    import zen

    return Library(zen.compile_expression(f"[{', '.join(_expressions(segments, facts, {}))}]").evaluate)


_PATTERNS = {
    "A": "{A}",
    "A and B": "(and {A} {B})",
    "A or B": "(or {A} {B})",
    "A and not B": "(and {A} (not {B}))",
    "(A and B) or C": "(or (and {A} {B}) {C})",
    "A and (B or not C)": "(and {A} (or {B} (not {C})))",
}


def clips(segments: list[Written], facts: list[Fact]) -> Library:
    """A network that keeps its facts from event to event and is told those that changed; memberships follow them."""
    import clips

    environment = clips.Environment()
    # An environment of CLIPS that goes while facts are known complains on the standard output: this one stays.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(environment))
    called = names(facts)

    def pattern(letter: str, leaf: Leaf) -> str:
        return f"({called[leaf.fact]} ?{letter}&:({leaf.compare} ?{letter} {leaf.value}))"

    for segment in segments:
        when = _PATTERNS[segment.shape].format(**{name: pattern(name, leaf) for name, leaf in segment.leaves.items()})
        environment.build(f"(defrule s{segment.number} (logical {when}) => (assert (member {segment.number})))")
    state: dict[str, Any] = {}
    before: dict[str, int] = {}

    def evaluate(told: Told) -> Any:
        for name, value in told.items():
            if value != before.get(name):
                if name in state:
                    state[name].retract()
                state[name] = environment.assert_string(f"({name} {value})")
                before[name] = value
        environment.run()
        return environment.find_template("member")

    return Library(evaluate, read=lambda member: {fact[0] for fact in member.facts()})


# By the name of the package, what is imported, and how it is asked.
PEERS: dict[str, tuple[str, dict[str, Peer]]] = {
    "rule-engine": ("rule_engine", {"one by one": rule_engine}),
    "simpleeval": ("simpleeval", {"one by one": simple_eval}),
    "cel-expr-python": ("cel_expr_python", {"one by one": cel, "all as one list": cel_whole}),
    "zen-engine": ("zen", {"one by one": zen, "all as one list": zen_whole}),
    "clipspy": ("clips", {"told what changed": clips}),
}
