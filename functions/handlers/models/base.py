"""What the models of the API have in common: their configuration and the types of their fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from functions.core.base import rfc3339
from functions.core.base.errors import Fault, Malformed


class TextOf(NamedTuple):
    """Marks a body that is the text of a definition, YAML or JSON, of one of these kinds; used inside ``Annotated``."""

    kinds: tuple[str, ...]


class RequestModel(BaseModel):
    """What a request says. ``faults`` words what may be wrong with a field better than pydantic does.

    It is keyed by the place of the field, with ``*`` for the number of a list's item. Other names are ignored.
    """

    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")
    faults: ClassVar[Mapping[str, Fault]] = {}


class Parameters(RequestModel):
    """The query of a request."""


class Body(RequestModel):
    """The JSON object that a request carries."""


class Answer(BaseModel):
    """A JSON object that the API answers. A key that a use case adds is answered before it is described."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="allow")


def _plain_object(value: dict[str, Any]) -> dict[str, Any]:
    from functions.core.answers.views import plain  # brings what evaluating brings

    return {str(name): plain(inner) for name, inner in value.items()}


DATE_TIME = {"type": "string", "format": "date-time"}
# An instant as RFC 3339 writes it, whole seconds.
Instant = Annotated[str, WithJsonSchema(DATE_TIME)]
# Any JSON object; numbers that came as Decimal leave as the nearest JSON number.
JsonObject = Annotated[dict[str, Any], PlainSerializer(_plain_object)]
Backfilled = Literal["silent", "send"]


NEXT: Any = Field(description="hand it back as ?next= for the following page; null on the last")
NEXT_QUERY: Any = Field(None, description="the place that the page before named")


def left_out(description: str | None = None) -> Any:
    """The default of a field that is not answered at all where it does not apply."""
    return Field(None, description=description)


def refusing(read: Callable[[Any], Any]) -> BeforeValidator:
    """A validator that calls ``read`` and keeps the message and the suggestion of the fault that it raises."""

    def validate(written: Any) -> Any:
        try:
            return read(written)
        except Malformed as error:
            fault = error.faults[0]
            # Handed over as values: a message may hold braces, which pydantic would replace.
            context = {"message": fault.message, "suggestion": fault.suggestion}
            raise PydanticCustomError("fault", "{message}", context) from None

    return BeforeValidator(validate)


def _seconds(written: Any) -> int:
    return rfc3339.parse(written, "at")


# An instant of a request, read into seconds UTC; described as the text that it is.
Seconds = Annotated[int, refusing(_seconds), WithJsonSchema(DATE_TIME)]


@dataclass(frozen=True, slots=True)
class WholeUpTo:
    """Marks a whole number up to ``most`` in a query: decimal digits only, where int() also reads " +1_0 "."""

    most: int
    least: int = 1

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(ge=self.least, le=self.most)
        return core_schema.no_info_before_validator_function(self._read, number)

    def _read(self, written: Any) -> int:
        digits = str(written)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9 and self.least <= int(digits) <= self.most):
            limits = {"least": str(self.least), "most": str(self.most)}
            raise PydanticCustomError("whole", "not a whole number from {least} to {most}", limits)
        return int(digits)


def _flag(written: Any) -> bool:
    if written not in ("true", "false"):
        raise PydanticCustomError("flag", "neither true nor false")
    return bool(written == "true")


Flag = Annotated[bool, BeforeValidator(_flag)]
