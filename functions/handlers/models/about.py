"""Answers of the API about itself: its JSON Schemas."""

from pydantic import Field

from functions.handlers.models.base import Answer


class JsonSchema(Answer):
    """JSON Schema, draft 2020-12."""

    schema_: str = Field(alias="$schema")
    title: str
