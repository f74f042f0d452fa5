"""scores: points for what somebody does. Each tier of a score is a segment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord, Part
from functions.core.definitions.records import Body
from functions.core.definitions.registry import kind_of
from functions.core.scores import rule_text
from functions.core.scores.link import needed, tier_segments, unknown_tiers
from functions.core.segments.language.event_labels import Style
from functions.core.segments.language.named import mentioned, resolve

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.candidate import Candidate


def _model() -> "type[Whole]":
    from functions.core.definitions.score import Score

    return Score


def _clashes(candidate: "Candidate") -> Iterator[Fault]:
    """Yield a fault for each tier whose segment has the id of a segment that there is."""
    for tier, segment in zip(candidate.body["tiers"], tier_segments(candidate.body), strict=True):
        if ("segments", segment) in candidate.others:
            yield candidate.document.place(Fault(f"there is a segment {segment!r} already", f"tiers.{tier}"))


def _check(candidate: "Candidate") -> Iterator[Fault]:
    """Yield the faults of its examples; else those of definitions that it would leave without a tier, or break."""
    from functions.core.definitions import score

    own = [candidate.document.place(each) for each in score.run(resolve(candidate.body, candidate.groups))]
    yield from own or list(_lost_tiers(candidate)) or _failing(candidate)


def _lost_tiers(candidate: "Candidate") -> Iterator[Fault]:
    changed = {candidate.id: candidate.body}
    for (kind, name), other in sorted(candidate.others.items()):
        wanted = sorted(kind_of(kind).references(other).get("segments", ()))
        lost = [f"there is no segment {each!r}" for each in wanted if each not in candidate.conditions]
        for message in (*lost, *(fault.message for _, fault in unknown_tiers(other, changed))):
            yield candidate.broken(f"{kind_of(kind).one} {name!r}", f": {message}", "rules")


def _failing(candidate: "Candidate") -> Iterator[Fault]:
    for name, body in candidate.other_segments():
        if candidate.id in needed(candidate.behind(name)):
            for fault in candidate.failing(name, body):
                yield candidate.broken(f"segment {name!r}", f": {fault.message}", "rules")


def _sentence(body: Body, style: Style) -> str:
    return "; ".join(rule_text.sentence(rule, style) for rule in body["rules"])


KIND = KindRecord(
    one="score",
    model=_model,
    references=lambda body: {"events": mentioned(body["rules"])},
    defines=lambda body: {("segments", name): segment for name, segment in tier_segments(body).items()},
    parts=lambda body: [Part(f"rules[{index}]", rule) for index, rule in enumerate(body["rules"])],
    conditions=lambda body: list(map(rule_text.text, body["rules"])),
    clashes=_clashes,
    check=_check,
    sentence=_sentence,
)
