"""The JSON Schemas of definitions by kind, and of conditions, for editors.

Rules that a schema cannot express (references, the grammar of texts, results of examples) are left to the check at
every save. The id may be left out, since the path of the API or file gives it.
"""

from collections.abc import Callable, Mapping
from functools import partial

from functions.core.base.errors import Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions.event_group import EventGroup
from functions.core.definitions.flow import Flow
from functions.core.definitions.model_schema import schema_of
from functions.core.definitions.rates import Rates
from functions.core.definitions.score import Score
from functions.core.definitions.segment import Segment
from functions.core.definitions.template import Template
from functions.core.segments.language.schema import Schema
from functions.core.segments.language.schema import schema as of_condition


def schema(kind: str) -> Schema:
    """The JSON Schema for a kind of definition, or for ``conditions``; raises NotFound, which lists them all."""
    if kind not in SCHEMAS:
        message = f"no such schema; there are {', '.join(sorted(SCHEMAS))}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, SCHEMAS)))
    return SCHEMAS[kind]()


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "conditions": of_condition,
    "segments": partial(schema_of, Segment),
    "events": partial(schema_of, EventGroup),
    "rates": partial(schema_of, Rates),
    "scores": partial(schema_of, Score),
    "flows": partial(schema_of, Flow),
    "templates": partial(schema_of, Template),
}
