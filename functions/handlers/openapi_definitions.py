"""The schemas of definitions as components of the description of the API; loaded only where that is made."""

import json
from typing import Any

from functions.core.definitions.json_schemas import schema
from functions.core.definitions.kinds import KINDS
from functions.handlers.openapi_operation import COMPONENTS, component_of


def components() -> dict[str, Any]:
    """The schemas of all kinds and of the parts that they share, by the names of their components."""
    made: dict[str, Any] = {}
    for kind in KINDS:
        # The schema of a part begins where that of the kind has its ``$defs``.
        written = json.dumps(schema(kind)).replace("#/$defs/", f"{COMPONENTS}{component_of('')}")
        whole = json.loads(written)
        del whole["$schema"]
        parts = whole.pop("$defs", {})
        made |= {component_of(name): part for name, part in {kind: whole, **parts}.items()}
    return made
