"""The description of the API, as the file beside this one holds it; make_openapi.py writes it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from functions.core.base.errors import Fault, MethodNotAllowed, NotFound, Refused

FILE = Path(__file__).with_name("openapi.json")


@cache
def document() -> dict[str, Any]:
    """The description: an OpenAPI document, version 3.1."""
    described: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return described


def methods(path: str) -> set[str]:
    """The methods that a path takes; none if there is no such path."""
    return {
        method.upper()
        for template, operations in document()["paths"].items()
        for method in operations
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    }


def unrouted(path: str, message: str) -> Refused:
    """The refusal of a request that no route takes: 405 where the path has other methods, else 404 with the message."""
    allowed = methods(path)
    return MethodNotAllowed(allowed) if allowed else NotFound(Fault(message, "path"))
