"""The base class of the pydantic models of definitions, and the field types that several of them share."""

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, NoReturn, Self

from pydantic import (
    BaseModel,
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
from functions.core.base.model_faults import Says, in_quotes, lines, refuse, refused, unknown, worded

LONGEST_NAME = 200


class DefinitionModel(BaseModel):
    """A mapping in a definition; validation reports all of its faults, in this project's words, each with its place.

    ``what`` is the noun for the mapping in the message "… is not part of …". ``shape`` is the fault that is reported
    if the value is no mapping. Validation raises pydantic's ValidationError, which ``model_faults.faults_of`` reads.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
    what: ClassVar[str] = "this"
    shape: ClassVar[Fault | None] = None

    @model_validator(mode="wrap")
    @classmethod
    def _in_our_words(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(value, dict):
            cls._refuse_other(value)
        faults = lines(*cls.across(value, info.context), value=value)
        try:
            model = handler(value)
        except ValidationError as error:
            raise refused(worded(error, cls.strange, cls.written()) + faults) from None
        if faults:
            raise refused(faults)
        return model

    @classmethod
    def _refuse_other(cls, value: Any) -> NoReturn:
        """Raise the error for a value that is no mapping."""
        if cls.shape is not None:
            refuse(cls.shape, value=value)
        raise Says("{name} is names with their values").fault(value)

    @classmethod
    def written(cls) -> dict[str, FieldInfo]:
        """The fields by their key in a definition's text: the alias if there is one, else the field's name."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    @classmethod
    def strange(cls, name: str) -> Fault:
        """The fault of a key that the model does not have."""
        return unknown(name, cls.what, cls.written())

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterable[Fault]:
        """The faults that concern several fields together; for subclasses to override.

        It is called with the mapping as it was written, even if single fields are wrong. ``where`` of each fault is
        relative to the mapping; ``context`` is the context of pydantic's validation.
        """
        return ()


class Whole(DefinitionModel):
    """The model of a whole definition."""

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """The body as it is stored; may raise DefinitionRefused for what only a definition of the right shape shows."""


def _slug(value: Any) -> str | None:
    """The id to suggest for a text: in lower case, its words joined by hyphens; None if nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or None if isinstance(value, str) else None


ELSE = "patternErrorMessage"
_FORM_OF_ID = (
    StringConstraints(pattern=f"^{ID.pattern}$", max_length=LONGEST_ID),
    Field(json_schema_extra={ELSE: "an id is lower-case words joined by hyphens"}),
)
Id = Annotated[str, *_FORM_OF_ID, Says(ID_SAYS, _slug)]


def id_of(what: str, example: str) -> Any:
    """The type of a field that holds the id of another definition.

    ``what`` is the kind of definition in words ("a template"), ``example`` the suggestion if no id can be derived from
    the value.
    """
    says = f"the id of {what}"
    return Annotated[str, *_FORM_OF_ID, Says(says, lambda value: _slug(value) or example), Field(description=says)]


# The type of a definition's name and description, which are shown to people.
Words = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NAME),
    Says(f"{{name}} is text of at most {LONGEST_NAME} characters", in_quotes, when_missing=False),
]
# The type of the key that decides whether unknown names are refused (true) or only warned of (false).
_STRICT = "names that nobody knows are refused (true) or warned of (false); without it, a goal's are refused"
Strict = Annotated[bool | None, Field(description=_STRICT)]


class OneOrMore:
    """Marks a list field that also takes a single member without the list; used inside ``Annotated``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]
