"""The JSON Schemas of definitions by kind, and of conditions, for editors.

Rules that a schema cannot express (references, the grammar of texts, results of examples) are left to the check at
every save. The id may be left out, since the path of the API or file gives it.
"""

from functions.core.base.errors import Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.model_schema import schema_of
from functions.core.definitions.registry import kind_of
from functions.core.segments.language.schema import schema as of_condition
from functions.core.segments.operator import Schema

CONDITIONS = "conditions"
SCHEMAS = (CONDITIONS, *KINDS)


def schema(kind: str) -> Schema:
    """The JSON Schema for a kind of definition, or for ``conditions``; raises NotFound, which lists them all."""
    if kind not in SCHEMAS:
        message = f"no such schema; there are {', '.join(SCHEMAS)}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, SCHEMAS)))
    return of_condition() if kind == CONDITIONS else schema_of(kind_of(kind).model())
