"""The model of what a sender sends, how one is read, and what is wrong with a body as text."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.core.base.errors import Fault, NotUnderstood

MISSING: Final = "is missing"


class Payload(BaseModel):
    """An object that a sender sends: the fields that we read; others are ignored. Built when the first one comes."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


P = TypeVar("P", bound=Payload)


def understand(model: type[P], body: Any, topic: str) -> P:
    """The model of a genuine body; raises NotUnderstood with every field that is wrong and the first that is missing.

    A body without several needed fields is of another kind than its topic says, which one of them shows.
    """
    if not isinstance(body, dict):
        raise NotUnderstood(f"{topic}: the body is not an object")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        wrong = list(faults(error))
        missing = [fault for fault in wrong if fault.message == MISSING]
        named = [f"{fault.where} {fault.message}" for fault in wrong if fault not in missing[1:]]
        raise NotUnderstood(f"{topic}: {'; '.join(named)}") from None


def faults(error: ValidationError) -> Iterator[Fault]:
    """What is wrong with each field, in the order of the model's fields."""
    for each in error.errors(include_url=False, include_input=False):
        details = each.get("ctx", {})
        where = details.get("where") or ".".join(map(str, each["loc"]))
        if each["type"] == "neither":
            where = f"{details['other']} or {where}"
        wrong = MISSING if each["type"] == "missing" else each["msg"]
        # A fault inside of an object that is carried whole says its place in it.
        for place in details.get("places", ("",)):
            yield Fault(wrong, f"{where}{place}", suggestion=details.get("suggestion"))
