"""A time span as a pydantic field: ``1 hour`` or ``1h30m``, validated into seconds."""

from typing import Annotated

from pydantic import WithJsonSchema

from functions.core.base import spans
from functions.core.base.model_faults import Parsed
from functions.core.segments.language.schema import span_text

Span = Annotated[int, Parsed(spans.parse), WithJsonSchema(span_text())]
