"""The text of a score: what may stand in it, and the checked body that is stored.

id: engagement
name: Engagement
rules:
  - +10 when did "Order Completed" within 30 days
  - +5 per "Email Opened" within 90 days at most 25
  - -3 per full week without any of ("Product Viewed", "Order Completed")
tiers:                     # optional: from how many points on; each is a segment, engagement-hot
  warm: 10
  hot: 25
examples:
  - name: bought and read
    events:
      - {at: -3d, event: Order Completed, order_id: "1", total: 20}
      - {at: -1d, event: Email Opened}
    expect: warm           # a tier, or how many points
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from functions.core.base import naming
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.keys import ID, ID_SAYS, LONGEST_ID, is_id, meant
from functions.core.definitions import examples
from functions.core.definitions.document import checked
from functions.core.definitions.vocabulary.check import strictness
from functions.core.scores import language
from functions.core.scores.check import MOST_POINTS, check
from functions.core.scores.language import Written
from functions.core.scores.link import EXAMPLE_BORDERS, link
from functions.core.scores.measure import Measure, points
from functions.core.segments.engine.catalogue import compile_catalogue
from functions.core.segments.engine.evaluation import rebuild
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import fields
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.timelines.filters import constant

KEYS = ("id", "name", "description", "rules", "tiers", "examples", "strict")
MOST_RULES = 50
MOST_TIERS = 20


def load_score(
    given: str | Mapping[str, Any], retention_days: int | None = None, words: Labels = SHIPPED
) -> dict[str, Any]:
    """The body of a score, its rules as JSON; raises DefinitionRefused with every fault in its place.

    With the log's retention, what looks back further is a fault. ``words`` are the labels of events that rules may use.
    """
    return checked(given, partial(_body, retention_days, words))


def _body(retention_days: int | None, words: Labels, given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    for name in given:
        if name not in KEYS:
            faults.append(Fault(f"{name!r} is not part of a score", str(name), suggestion=meant(name, KEYS)))
    score = given.get("id")
    if not is_id(score):
        faults.append(Fault(ID_SAYS, "id"))
    faults.extend(naming.check(given))
    tiers = _tiers(score, given.get("tiers") or {}, faults)
    body = {
        "id": score,
        "name": given.get("name") or score,
        "rules": _rules(given.get("rules"), faults, retention_days, words),
        "tiers": tiers,
    }
    if given.get("description"):
        body["description"] = given["description"]
    told = given.get("examples") or []
    faults.extend(_examples(told, tiers))
    return body | strictness(given, faults) | {"examples": told}


def _rules(given: Any, faults: list[Fault], retention_days: int | None, words: Labels) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_RULES:
        hint = '- +10 when did "Order Completed" within 30 days'
        faults.append(Fault(f"a score needs a list of 1 to {MOST_RULES} rules", "rules", suggestion=hint))
        return []
    rules = []
    for index, rule in enumerate(given):
        where = f"rules[{index}]"
        try:
            written = language.read(rule, words) if isinstance(rule, str) else Written(rule, {}, {})
        except DefinitionRefused as refused:
            faults.extend(replace(each, where=where) for each in refused.faults)
            continue
        found = [written.fault(complaint, where) for complaint in check(written.rule, retention_days)]
        faults.extend(found)
        rules.extend([] if found else [written.rule])
    return rules


def _tiers(score: Any, given: Any, faults: list[Fault]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or len(given) > MOST_TIERS:
        faults.append(Fault(f"tiers are up to {MOST_TIERS} names with the points they begin at", "tiers"))
        return {}
    for name, begins in given.items():
        where = f"tiers.{name}"
        if not ID.fullmatch(str(name)) or len(f"{score}-{name}") > LONGEST_ID:
            faults.append(Fault("a tier's name is lower-case words joined by hyphens, and short", where))
        if complaint := next(fields.number(begins), None):
            faults.append(Fault(f"a tier begins at a number of points: {complaint[0]}", where, suggestion="25"))
        elif abs(constant(begins)) > MOST_POINTS or constant(begins) != round(constant(begins), 2):
            faults.append(Fault(f"points have two decimals at most and go up to {MOST_POINTS:,}", where))
        elif begins in [other for each, other in given.items() if each != name and not isinstance(other, str)]:
            faults.append(Fault("two tiers begin at the same points", where))
    return dict(given)


def _examples(told: Any, tiers: Mapping[str, Any]) -> Iterator[Fault]:
    plain = [{**each, "expect": "in"} if isinstance(each, Mapping) else each for each in told] if told else []
    yield from examples.check(plain if isinstance(told, list) else told)
    for index, example in enumerate(told if isinstance(told, list) else ()):
        expected = example.get("expect") if isinstance(example, Mapping) else 0
        if expected is None or isinstance(expected, bool) or (isinstance(expected, str) and expected not in tiers):
            where = f"examples[{index}].expect" if "expect" in example else f"examples[{index}]"
            hint = fields.nearest(expected, tiers) or next(iter(tiers), "10")
            yield Fault("expect is a tier, or a number of points", where, suggestion=hint)


def run(body: Mapping[str, Any]) -> list[Fault]:
    """What the examples of a checked score come to, where that is not what they expect."""
    faults = []
    for index, example in enumerate(body.get("examples", ())):
        events = [examples.event_of(written, place) for place, written in enumerate(example.get("events", ()))]
        now = examples.NOW + examples.offset(example.get("at", 0))
        measure = Measure({"rules": link(body["rules"], {}, {**EXAMPLE_BORDERS, "drawn": now}), "tiers": body["tiers"]})
        catalogue = compile_catalogue({}, timelines=measure.specs)
        state = rebuild([event for event in events if event.time <= now], catalogue, now)
        worth, _ = measure.at(Snapshot(state, catalogue, now), now)
        wanted = example["expect"]
        found = measure.tier(worth) if isinstance(wanted, str) else points(worth)
        if found != (wanted if isinstance(wanted, str) else constant(wanted)):
            said = f"comes to {points(worth)} points" + (f", tier {found}" if isinstance(found, str) else "")
            message = f"example {example.get('name', index + 1)!r} {said}"
            hint = found if isinstance(found, str) else str(points(worth))
            faults.append(Fault(message, f"examples[{index}].expect", suggestion=hint))
    return faults
