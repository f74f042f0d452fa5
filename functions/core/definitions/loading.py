"""Loading of a definition's text or JSON with the pydantic model of its kind."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from functions.core.base.errors import DefinitionRefused
from functions.core.base.model_faults import faults_of
from functions.core.definitions.document import Document, read


class Whole(Protocol):
    """The pydantic model of a whole definition."""

    @classmethod
    def model_validate(cls, obj: Any, *, context: Any = None) -> "Whole":
        """Validate the definition; raises ValidationError."""

    def body(self) -> dict[str, Any]:
        """The body as it is stored."""


def load(model: type[Whole], given: str | Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Return the checked body; raises DefinitionRefused with every fault and its position."""
    document = read(given) if isinstance(given, str) else Document(json.dumps(given, default=str), dict(given), None)
    try:
        return model.model_validate(document.body, context=context).body()
    except ValidationError as error:
        raise DefinitionRefused(*(document.at(fault, loc) for fault, loc in faults_of(error))) from None
    except DefinitionRefused as refused:
        raise DefinitionRefused(*map(document.place, refused.faults)) from None
