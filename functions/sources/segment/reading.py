"""Validate a request's messages; every fault of every message is named, with its place."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from functions.core.base.errors import Fault
from functions.sources.payload import P, faults
from functions.sources.segment.fields import nearest
from functions.sources.segment.models import MODELS, SdkMessage

KINDS = tuple(MODELS)


def message(body: Any, kind: str | None, at: str, wrong: list[Fault]) -> SdkMessage | None:
    """The validated message, or None with its faults appended to ``wrong``.

    ``at`` is its place, ``batch[3].`` or empty. ``kind`` is that of the request's path; None in a batch, where each
    message has its own ``type``.
    """
    if not isinstance(body, dict):
        wrong.append(Fault("must be an object", at.rstrip(".") or "body"))
        return None
    kind = kind or body.get("type")
    model = MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        wrong.append(Fault(f"must be one of {', '.join(KINDS)}", f"{at}type", suggestion=nearest(kind, KINDS)))
    return read(model or SdkMessage, body, at, wrong)


def read(model: type[P], body: Mapping[str, Any], at: str, wrong: list[Fault]) -> P | None:
    """Validate an object; None with its faults appended to ``wrong``."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        wrong += [Fault(each.message, f"{at}{each.where}", suggestion=each.suggestion) for each in faults(error)]
        return None
