"""The description of the API, as the file beside this one holds it; make_openapi.py writes it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

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
