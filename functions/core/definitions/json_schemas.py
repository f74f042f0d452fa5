"""The JSON Schemas of definitions by kind, and of conditions, for editors.

Rules that a schema cannot express (references, the grammar of texts, results of examples) are left to the check at
every save. The id may be left out, since the path of the API or file gives it.
"""

from collections.abc import Callable, Mapping
from functools import partial

from functions.core.base.errors import Fault, NotFound
from functions.core.base.keys import LONGEST_ID, NAMED
from functions.core.base.model import LONGEST_NAME
from functions.core.base.spelling import nearest
from functions.core.definitions import event_group as events
from functions.core.definitions import template as templates
from functions.core.definitions.flow import Flow
from functions.core.definitions.model_schema import schema_of
from functions.core.definitions.rates import Rates
from functions.core.definitions.score import Score
from functions.core.definitions.segment import Segment
from functions.core.messages import sample
from functions.core.segments.language.event_labels import BY_PROPERTY
from functions.core.segments.language.schema import (
    DRAFT,
    Schema,
    closed,
    id_schema,
)
from functions.core.segments.language.schema import schema as of_condition

_TEXT: Schema = {"type": "string"}
_ID = id_schema(LONGEST_ID)
_STRICT: Schema = {
    "type": ["boolean", "null"],
    "description": "names that nobody knows are refused (true) or warned of (false); without it, a goal's are refused",
}
_WORDS: Schema = {"type": ["string", "null"], "maxLength": LONGEST_NAME}


def schema(kind: str) -> Schema:
    """The JSON Schema for a kind of definition, or for ``conditions``; raises NotFound, which lists them all."""
    if kind not in SCHEMAS:
        message = f"no such schema; there are {', '.join(sorted(SCHEMAS))}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, SCHEMAS)))
    return SCHEMAS[kind]()


def _whole(title: str, properties: Mapping[str, Schema], *required: str, **defs: Schema) -> Schema:
    return {"$schema": DRAFT, **closed(properties, *required, title=title), **({"$defs": defs} if defs else {})}


_EVENT: Schema = {"type": "string", "pattern": r"\S"}


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
    properties = {
        "id": {**_ID, "pattern": f"^{NAMED.pattern}$"},
        "name": _WORDS,
        "description": _WORDS,
        "any of": names,
    }
    words = {"type": "string", "minLength": 1, "maxLength": events.LONGEST_LABEL}
    by_property = {"type": "object", "additionalProperties": words}
    label = {name: by_property if name in BY_PROPERTY else words for name in events.LABELS}
    properties["label"] = {**closed(label), "required": ["past", "negative"]}
    taken = {"by": path, "unless": names, "refunds": names, "amount": path, "strict": _STRICT}
    needs = {key: ["by"] for key in ("unless", "refunds")} | {"amount": ["refunds"], "by": []}
    return {**_whole("Segue named events", properties | taken, "any of"), "dependentRequired": needs}


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "conditions": of_condition,
    "segments": partial(schema_of, Segment),
    "events": _events,
    "rates": partial(schema_of, Rates),
    "scores": partial(schema_of, Score),
    "flows": partial(schema_of, Flow),
    "templates": _template,
}
