"""The base of the models of what people write, and the types of fields that several of them have."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from functions.core.base.errors import Fault
from functions.core.base.keys import ID, ID_SAYS, LONGEST_ID
from functions.core.base.model_faults import Says, lines, refuse, refused, worded

LONGEST_NAME = 200


class DefinitionModel(BaseModel):
    """What a mapping in a definition may hold; every fault of it is told, in our words, with its place.

    ``what`` is what the mapping is called after "is not part of". ``shape`` is the fault of what is no mapping.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
    what: ClassVar[str] = "this"
    shape: ClassVar[Fault | None] = None

    @model_validator(mode="wrap")
    @classmethod
    def _in_our_words(cls, given: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(given, dict):
            refuse(cls.shape or Fault("{name} is names with their values"), given=given)
        faults = lines(*cls.across(given, info.context), given=given)
        try:
            made = handler(given)
        except ValidationError as error:
            raise refused(worded(error, cls.what, cls.written()) + faults) from None
        if faults:
            raise refused(faults)
        return made

    @classmethod
    def written(cls) -> dict[str, FieldInfo]:
        """The fields by the names that they have in a text."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    @classmethod
    def across(cls, given: dict[str, Any], context: Any) -> Iterable[Fault]:
        """What no single field shows: asked of what is written, whatever else is wrong with it.

        ``where`` counts from the mapping; ``context`` is that of the validation.
        """
        return ()


def _slug(given: Any) -> str | None:
    """The id that was probably meant."""
    return re.sub(r"[^a-z0-9]+", "-", given.lower()).strip("-") or None if isinstance(given, str) else None


def _as_text(given: Any) -> Any:
    """A whole number as the text that it was: YAML reads `name: 2026` as a number."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


ELSE = "patternErrorMessage"
_FORM_OF_ID = (
    StringConstraints(pattern=f"^{ID.pattern}$", max_length=LONGEST_ID),
    Field(json_schema_extra={ELSE: "an id is lower-case words joined by hyphens"}),
)
Id = Annotated[str, *_FORM_OF_ID, Says(ID_SAYS, _slug)]


def id_of(what: str, example: str) -> Any:
    """The type of a field that names another definition; ``what`` is of which kind."""
    says = f"the id of {what}"
    return Annotated[str, *_FORM_OF_ID, Says(says, lambda given: _slug(given) or example), Field(description=says)]


# What a definition says of itself for people: its name and its description.
Words = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NAME),
    BeforeValidator(_as_text),
    Says(f"{{name}} is text of at most {LONGEST_NAME} characters", when_missing=False),
]
# Whether names that nobody knows are refused (true) or warned of (false).
_STRICT = "names that nobody knows are refused (true) or warned of (false); without it, a goal's are refused"
Strict = Annotated[bool | None, Field(description=_STRICT)]


class OneOrMore:
    """A list whose only member may stand alone. Part of ``Annotated``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


def _listed(given: Any) -> Any:
    return given if isinstance(given, list) else [given]
