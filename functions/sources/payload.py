"""The base model of senders' bodies, its validation, and faults as text."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.core.base.errors import Fault, NotUnderstood

MISSING: Final = "is missing"


class Payload(BaseModel):
    """An object of a sender's body: the fields that are read; others are ignored.

    The model is built when the first such body arrives.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


P = TypeVar("P", bound=Payload)


def understand(model: type[P], body: Any, topic: str) -> P:
    """Validate a genuine body; raises NotUnderstood with every wrong field and the first missing one.

    A body that lacks several required fields is of another kind than its topic says, and one of them is enough to show
    it.
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
    """The fault of each field, in the order of the model's fields."""
    for each in error.errors(include_url=False, include_input=False):
        details = each.get("ctx", {})
        where = details.get("where") or ".".join(map(str, each["loc"]))
        if each["type"] == "neither":
            where = f"{details['other']} or {where}"
        wrong = MISSING if each["type"] == "missing" else each["msg"]
        # A fault inside an object that is kept whole has its own place in it.
        for place in details.get("places", ("",)):
            yield Fault(wrong, f"{where}{place}", suggestion=details.get("suggestion"))
