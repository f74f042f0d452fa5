"""Loading of a definition's text or JSON with the pydantic model of its kind."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from functions.core.base.errors import DefinitionRefused
from functions.core.base.model import Whole
from functions.core.base.model_faults import faults_of
from functions.core.definitions.document import Document, read


def load(model: type[Whole], source: str | Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Return the checked body; raises DefinitionRefused with every fault and its position."""
    document = (
        read(source) if isinstance(source, str) else Document(json.dumps(source, default=str), dict(source), None)
    )
    try:
        return model.model_validate(document.body, context=context).body()
    except ValidationError as error:
        raise DefinitionRefused(*(document.at(fault, loc) for fault, loc in faults_of(error))) from None
    except DefinitionRefused as refused:
        raise DefinitionRefused(*map(document.place, refused.faults)) from None


def with_id(text: str, name: str) -> str:
    """The text with ``id`` added if it has none; positions of existing text do not change."""
    body = read(text).body
    if "id" in body:
        return text
    if text.lstrip().startswith("{"):
        head = text.rstrip().removesuffix("}")
        return f'{head}{"," if body else ""} "id": {json.dumps(name)}}}'
    return f"{text.rstrip()}\nid: {name}\n"
