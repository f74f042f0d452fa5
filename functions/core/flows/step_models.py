"""The pydantic models of a flow's steps: one for each kind, built from its record; the step's key selects the model."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Union

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    create_model,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from functions.core.base import spans
from functions.core.base.errors import Fault
from functions.core.base.model import DefinitionModel, Id
from functions.core.base.model_faults import refuse, tag, unknown
from functions.core.flows.step_kind import StepKind
from functions.core.flows.step_kinds import kind_of, step_kinds

DAY = 86_400


class StepModel(DefinitionModel):
    """The base model of a step: the key of its kind with its value, and an optional id."""

    what: ClassVar[str] = "a step"
    kind: ClassVar[StepKind]

    value: Any
    id: Annotated[Id | None, Field(description="what the step is known by, from version to version")] = None

    def body(self) -> dict[str, Any]:
        """The step's JSON as it is stored: ``do``, the content of its kind, and the id if there is one."""
        return {"do": self.kind.key, **self.kind.content(self.value), **({"id": self.id} if self.id else {})}


@lru_cache(maxsize=4)
def _steps(kinds: tuple[StepKind, ...]) -> TypeAdapter[StepModel]:
    members = tuple(Annotated[_model(kind), Tag(tag(kind.key))] for kind in kinds)
    steps: Any = Annotated[Union[members], Discriminator(_tag), BeforeValidator(_one_thing)]  # noqa: UP007
    return TypeAdapter(steps)


def _model(kind: StepKind) -> type[StepModel]:
    name = "".join(word.capitalize() for word in kind.key.split())
    model: type[StepModel] = create_model(
        f"{name}Step", __base__=StepModel, value=(kind.value(), Field(alias=kind.key))
    )
    model.kind = kind
    return model


def _said(value: Any) -> list[str]:
    return [key for key in value if key != "id"] if isinstance(value, dict) else []


def _tag(value: Any) -> str:
    return tag(_said(value)[0])


def _one_thing(value: Any) -> Any:
    """Return a step that has exactly one key of a known kind beside its id; refuse any other."""
    keys, kinds = _said(value), step_kinds()
    if len(keys) > 1:
        refuse(Fault("a step does one thing: each of these is an item of its own"), value=value)
    if not keys:
        example = next(kind.example for kind in kinds.values())
        refuse(Fault(f"a step is one of {', '.join(kinds)}", suggestion=example), value=value)
    if keys[0] not in kinds:
        refuse(unknown(keys[0], "a step", kinds), value=value)
    return value


class _Step:
    """The annotation that gives a field the validation and JSON Schema of a step; kinds are loaded at validation."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(_adapter().core_schema)


def _adapter() -> TypeAdapter[StepModel]:
    return _steps(tuple(step_kinds().values()))


def _read(value: Any, info: ValidationInfo[Any]) -> dict[str, Any]:
    return _adapter().validate_python(value, context=info.context).body()


Step = Annotated[Any, _Step()]


def sound(value: Any, context: Any) -> list[dict[str, Any]]:
    """The stored form of each step, in order, with ``{}`` in the place of each that does not validate."""
    return [_sound(step, context) for step in value] if isinstance(value, list) else []


def _sound(value: Any, context: Any) -> dict[str, Any]:
    try:
        return _adapter().validate_python(value, context=context).body()
    except ValidationError:
        return {}


def repeated(steps: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """The faults of repeated ids, and of steps whose kind allows each name once, such as sending a template.

    ``where`` of the faults is relative to the list of steps.
    """
    first: dict[tuple[str, str], int] = {}
    for index, step in enumerate(steps):
        kind = kind_of(step)
        names = [("id", step.get("id"), "has this id"), *([(kind.key, kind.name(step), kind.twice)] if kind else [])]
        for what, value, complaint in names:
            if value is not None and first.setdefault((what, value), index) < index:
                message = f"step {first[what, value] + 1} {complaint}"
                yield Fault(message, f"[{index}].{what}", suggestion=f"{value}-2")


def late(steps: list[dict[str, Any]], retention_days: int) -> Iterator[Fault]:
    """The fault of the wait after which the log has deleted the event that started the run, if there is such a wait.

    Only waits before the last step that reaches the person count, since a message may be about that event.
    """
    last = max((index for index, step in enumerate(steps) if (kind := kind_of(step)) and kind.acts), default=0)
    remaining = retention_days * DAY
    for index, step in enumerate(steps[:last]):
        span = step.get("span", 0)
        if span > remaining:
            message = f"the log keeps {retention_days} days (LOG_RETENTION_DAYS): so late what began is not known"
            yield Fault(message, f"[{index}].wait", suggestion=spans.text(remaining) if remaining else None)
            return
        remaining -= span
