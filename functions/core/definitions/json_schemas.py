"""The JSON Schemas of whole definitions, by kind, and of a condition: what editors check while somebody writes.

What a schema cannot say (what a definition refers to, the grammar of texts, what examples come to) is left to the check
at every save. An id may be left out: the path says it.
"""

from collections.abc import Callable, Mapping

from functions.core.base.errors import Fault, NotFound
from functions.core.base.keys import ID, LONGEST_ID
from functions.core.base.naming import LONGEST_NAME
from functions.core.definitions import event_group as events
from functions.core.definitions import examples
from functions.core.definitions import flow as flows
from functions.core.definitions import score as scores
from functions.core.definitions import segment as segments
from functions.core.definitions import template as templates
from functions.core.definitions.rates_schema import rates_schema
from functions.core.flows.step_kinds import step_kinds
from functions.core.messages import sample
from functions.core.scores import check as rules
from functions.core.segments.language.event_labels import BY_PROPERTY
from functions.core.segments.language.fields import NAMED, nearest
from functions.core.segments.language.schema import (
    DRAFT,
    ELSE,
    NODE,
    SHORT_SPAN,
    SPAN,
    Schema,
    any_case,
    closed,
    condition_text,
    conditions,
    id_schema,
)
from functions.core.segments.language.schema import schema as of_condition
from functions.core.timelines.entry import STRICTNESS

_TEXT: Schema = {"type": "string"}
_ID = id_schema(LONGEST_ID)
_NAME: Schema = {"type": ["string", "integer", "null"], "maxLength": segments.LONGEST_NAME}
_STRICT: Schema = {
    "type": ["boolean", "null"],
    "description": "names that nobody knows are refused (true) or warned of (false); without it, a goal's are refused",
}
_WORDS: Schema = {"type": ["string", "null"], "maxLength": LONGEST_NAME}


_OFFSET: Schema = {
    "anyOf": [{"const": 0}, {"type": "string", "pattern": rf"^\s*(0|now|[+-]?{SHORT_SPAN})$"}],
    "description": "-26h, -1h30m, +10m or now",
}
_CONDITION = condition_text()


def schema(kind: str) -> Schema:
    """The schema of a kind of definition, or of ``conditions``; raises NotFound with those there are."""
    if kind not in SCHEMAS:
        message = f"no such schema; there are {', '.join(sorted(SCHEMAS))}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, SCHEMAS)))
    return SCHEMAS[kind]()


def _whole(title: str, properties: Mapping[str, Schema], *required: str, **defs: Schema) -> Schema:
    return {"$schema": DRAFT, **closed(properties, *required, title=title), **({"$defs": defs} if defs else {})}


def _segment() -> Schema:
    return _whole(
        "Segue segment",
        {
            "id": _ID,
            "name": _NAME,
            "description": _NAME,
            "strict": _STRICT,
            "announce": {"type": "boolean", "description": "its changes go to the event bus at their instant"},
            "when": {"anyOf": [_CONDITION, NODE]},
            "examples": _examples({"enum": list(examples.EXPECTED)}),
        },
        "when",
        **conditions(),
    )


def _examples(expect: Schema) -> Schema:
    said = {
        "at": _OFFSET,
        "event": _TEXT,
        "traits": {"type": "object"},
        "consent": {"enum": list(STRICTNESS)},
    }
    told = [{"required": [name]} for name in ("event", "traits", "consent")]
    event: Schema = {"type": "object", "properties": said, "required": ["at"], "anyOf": told}
    example = {
        "name": {},
        "events": {"type": "array", "items": event, "maxItems": examples.MOST_EVENTS},
        "at": {**_OFFSET, "description": "evaluate then instead of now"},
        "expect": expect,
    }
    return {"type": ["array", "null"], "items": closed(example, "expect"), "maxItems": examples.MOST_EXAMPLES}


def _score() -> Schema:
    points: Schema = {"type": "number", "minimum": -rules.MOST_POINTS, "maximum": rules.MOST_POINTS}
    tiers = {
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{ID.pattern}$"},
        "additionalProperties": points,
        "maxProperties": scores.MOST_TIERS,
        "description": "from how many points on; each tier is a segment",
    }
    rule = {
        "anyOf": [{"type": "string", "pattern": _RULE, ELSE: _RULE_SAYS, "examples": list(_RULES)}, *_rules(points)]
    }
    return _whole(
        "Segue score",
        {
            "id": _ID,
            "name": _WORDS,
            "description": _WORDS,
            "rules": {"type": "array", "items": rule, "minItems": 1, "maxItems": scores.MOST_RULES},
            "tiers": tiers,
            "strict": _STRICT,
            "examples": _examples({"type": ["string", "number"], "description": "a tier, or how many points"}),
        },
        "rules",
        **conditions(),
    )


_RULE = rf"^\s*[+-]\s*\d[\d,]*(\.\d+)?\s+({any_case('when')}|{any_case('per')})\s"
_RULE_SAYS = 'a rule begins with its points and a sign, then says when, per or per full: +5 per "Email Opened"'
_RULES = (
    '+10 when did "Order Completed" within 30 days',
    '+5 per "Email Opened" within 90 days at most 25',
    '+20 per "Order Completed" fading over 30 days',
    '-3 per full week without "Order Completed" at most 30',
)


def _rules(points: Schema) -> list[Schema]:
    given: Schema = {**points, "not": {"const": 0}}
    limit: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": rules.MOST_POINTS}
    step: Schema = {"$ref": "#/$defs/step"}
    spans = dict.fromkeys(("within", "fading over", "halving every"), SPAN)
    return [
        closed({"points": given, "when": NODE}, "points", "when"),
        closed({"points": given, "per": step, **spans, "at most": limit}, "points", "per"),
        closed({"points": given, "per full": SPAN, "without": step, "at most": limit}, "points", "per full", "without"),
    ]


def _flow() -> Schema:
    names = {"anyOf": [_EVENT, {"type": "array", "items": _EVENT, "minItems": 1}]}
    on = {"enum": ["enter", "leave"]}
    known = {**_ID, "description": "what the step is known by, from version to version"}
    steps = [closed({kind.key: kind.schema(), "id": known}, kind.key) for kind in step_kinds().values()]
    return _whole(
        "Segue flow",
        {
            "id": _ID,
            "name": {},
            "start": {
                "oneOf": [closed({"event": names, "by": {}}, "event"), closed({"segment": _ID, "on": on}, "segment")]
            },
            "reentry": {"anyOf": [{"enum": ["every time", "once", None]}, {"type": "string", "pattern": _PERIOD}]},
            "goal": {"anyOf": [{"type": "null"}, names], "description": "the events that stop a run"},
            "steps": {"type": "array", "items": {"oneOf": steps}, "minItems": 1, "maxItems": flows.MOST_STEPS},
            "state": {"enum": [*flows.STATES, None], "description": "draining only finishes, paused sends nothing"},
            "when paused": {"enum": [*flows.WHEN_PAUSED, None], "description": "what the runs under way do"},
            "move": {"type": ["boolean", "null"], "description": "whether runs under way go on under this version"},
            "strict": _STRICT,
        },
        "start",
        "steps",
        **conditions(),
    )


_EVENT: Schema = {"type": "string", "pattern": r"\S"}
_PERIOD = rf"^\s*once per \s*{SHORT_SPAN}$"


def _template() -> Schema:
    shown: dict[str, Schema] = {name: {} for name in sample.KEYS}
    shown |= {"traits": {"type": "object"}, "event": closed({name: {} for name in sample.EVENT_KEYS})}
    shown["shop"] = closed({name: {} for name in sample.SHOP_KEYS})
    texts = dict.fromkeys(templates.TEXTS, _TEXT)
    filled = {name: {"type": "string", "minLength": 1} for name in ("subject", "body")}
    more = {"id": _ID, "kind": {"enum": list(templates.KINDS)}, "sample": closed(shown), "strict": _STRICT}
    required = [name for name in templates.REQUIRED if name != "id"]
    return _whole("Segue template", {**texts, **filled, **more}, *required)


def _events() -> Schema:
    path: Schema = {"type": "string", "minLength": 1, "description": "a property, such as order_id"}
    names = {"type": "array", "items": _EVENT, "minItems": 1, "maxItems": events.MOST_EVENTS, "uniqueItems": True}
    said = {"id": {**_ID, "pattern": f"^{NAMED.pattern}$"}, "name": _WORDS, "description": _WORDS, "any of": names}
    words = {"type": "string", "minLength": 1, "maxLength": events.LONGEST_LABEL}
    by_property = {"type": "object", "additionalProperties": words}
    label = {name: by_property if name in BY_PROPERTY else words for name in events.LABELS}
    said["label"] = {**closed(label), "required": ["past", "negative"]}
    taken = {"by": path, "unless": names, "refunds": names, "amount": path, "strict": _STRICT}
    needs = {key: ["by"] for key in ("unless", "refunds")} | {"amount": ["refunds"], "by": []}
    return {**_whole("Segue named events", said | taken, "any of"), "dependentRequired": needs}


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "conditions": of_condition,
    "segments": _segment,
    "events": _events,
    "rates": rates_schema,
    "scores": _score,
    "flows": _flow,
    "templates": _template,
}
