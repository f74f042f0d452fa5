"""Sources that the shop declares: webhooks of any sender, verified and translated as its definition says."""

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Final

from functions.core.base.identity import VISITOR
from functions.core.mappings.mapping import compile_mapping
from functions.core.mappings.signature import STANDARD, USUAL_BODY
from functions.sources.base import Source
from functions.sources.declared.emit import Declared, emit
from functions.sources.declared.verify import ID, verify

# The secret of all of them: a JSON object with a row for each.
SECRET: Final = "declared"  # noqa: S105 - its name
_COMPILED = 64


def source_of(body: Mapping[str, Any]) -> Source:
    """The source of a definition's body; of an equal body it is the same one, compiled once."""
    return _compiled(json.dumps(body, sort_keys=True))


@lru_cache(maxsize=_COMPILED)
def _compiled(text: str) -> Source:
    body = json.loads(text)
    mapping, signature = compile_mapping(body), body["signature"]
    signs_id = {ID} if signature["scheme"] == STANDARD else set()
    declared = Declared(body["id"], mapping, body.get("trust") == "public", bool(signs_id))
    named = {name for rule in mapping.rules for name in rule.named["person"]}
    return Source(
        name=declared.name,
        label=body.get("name", declared.name),
        secret=SECRET,
        public_secret=SECRET if declared.is_public else "",
        verify=partial(verify, declared.name, signature),
        emit=partial(emit, declared),
        limit=body.get("largest", USUAL_BODY),
        namespaces=(*sorted(named), *([VISITOR] if declared.is_public else [])),
        keeps=tuple(sorted(mapping.headers | signs_id)),
        hook=True,
    )
