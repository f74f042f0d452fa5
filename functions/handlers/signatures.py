"""Signatures of operations in the markers that Powertools describes them by; loaded only where that is done."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, get_args

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query


def signature(run: Callable[..., Any]) -> inspect.Signature:
    """The function's signature in Powertools' markers: each field of ``query`` is a parameter of its own."""
    return signature_of({name: each.annotation for name, each in inspect.signature(run).parameters.items()})


def signature_of(needs: Mapping[str, Any]) -> inspect.Signature:
    """The signature of a function with these annotations, by the parameters' names."""
    return inspect.Signature([each for name, annotation in needs.items() for each in _marked(name, annotation)])


def _marked(name: str, annotation: Any) -> Iterator[inspect.Parameter]:
    if name == "body":
        yield _parameter(name, Annotated[annotation, Body()])
    elif name == "query":
        for field_name, field in annotation.model_fields.items():
            marked: Any = Annotated[_not_null(field.annotation), *field.metadata, Query(description=field.description)]
            yield _parameter(field_name, marked, inspect.Parameter.empty if field.is_required() else field.default)
    elif name not in ("call", "text"):
        plain, field = get_args(annotation)
        marker = Path(description=field.description, json_schema_extra=field.json_schema_extra)
        yield _parameter(name, Annotated[plain, marker])


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _not_null(annotation: Any) -> Any:
    """The type that a parameter has where it is given: None stands for one that is left out."""
    options = [each for each in get_args(annotation) if each is not NoneType]
    return options[0] if len(options) < len(get_args(annotation)) == 2 else annotation
