"""Definitions: what is published, listed and withdrawn."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from functions.core.base import errors
from functions.handlers.models.base import (
    NEXT,
    NEXT_QUERY,
    Answer,
    Backfilled,
    Body,
    Flag,
    Instant,
    JsonObject,
    Parameters,
    WholeUpTo,
    left_out,
)
from functions.handlers.models.faults import Fault

MOST_DEFINITIONS = 500

_BACKFILLED = "what becomes of those whom a segment's version brings in"
_WARNINGS = (
    "what was taken all the same: names of events, properties, categories and traits that nobody knows, pictures "
    "without words; left out where there is none"
)


class VersionQuery(Parameters):
    """Which version is meant."""

    version: Annotated[int, WholeUpTo(10**9)] | None = Field(None, description="an earlier version", examples=["1"])


class BackfilledQuery(Parameters):
    """Whether people whom a new version brings into a segment start its flows."""

    backfilled: Backfilled = Field(
        "silent",
        description="segments only: what becomes of those whom the new version brings in. With silent they start no "
        "flow and are not announced; with send they are treated as entering when they are first evaluated by it, each "
        "once. It is kept with the version; the text that is current already keeps what it was published with",
    )


class TogetherQuery(Parameters):
    """How several definitions are published."""

    check: Flag = Field(False, description="only check, and say what would change")
    seen: Annotated[int, WholeUpTo(999_999_999, least=0)] | None = Field(
        None,
        description="the `revision` that a check answered: if anything was published or withdrawn since, nothing is",
        examples=["7"],
    )
    backfilled: Backfilled = Field(
        "silent",
        description="`send` treats those whom the new versions of segments bring in as entering now; the other kinds "
        "take no part in it",
    )


class DefinitionText(Body):
    """One definition of several."""

    kind: str
    id: str
    text: str = Field(description="YAML or JSON, as in a file")


def _each_once(texts: list[DefinitionText]) -> list[DefinitionText]:
    names = [f"{each.kind}/{each.id}" for each in texts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PydanticCustomError("twice", "named twice: {names}", {"names": ", ".join(twice)})
    return texts


class PublishTogether(Body):
    """Several definitions that become current together, or none of them."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "definitions": errors.Fault(f"not a list of 1 to {MOST_DEFINITIONS} definitions"),
        "definitions.*": errors.Fault("not an object with kind, id and text"),
    }

    definitions: Annotated[
        list[DefinitionText], Field(min_length=1, max_length=MOST_DEFINITIONS), AfterValidator(_each_once)
    ]


class Published(Answer):
    """The version that is current now; the same text again keeps its version."""

    id: str
    kind: str
    version: int = Field(ge=1)
    backfilled: Backfilled = left_out(f"{_BACKFILLED}; if it was asked for")
    warnings: list[Fault] = left_out(_WARNINGS)


class Withdrawn(Answer):
    """The version that withdraws the definition."""

    id: str
    kind: str
    version: int = Field(ge=1)
    withdrawn: Literal[True]


class ChangedDefinition(Answer):
    """The result for one definition of several."""

    kind: str
    id: str
    change: Literal["new", "changed", "unchanged"]
    version: int = left_out("the one that is current now; left out where there is none yet")
    backfilled: Backfilled = left_out(_BACKFILLED)
    warnings: list[Fault] = left_out(_WARNINGS)


class Changes(Answer):
    """The result for each definition, in the order of the request."""

    checked_only: bool
    revision: int = left_out("with `check` only: what is current, for `seen` of the publication that follows")
    definitions: list[ChangedDefinition]
    warnings_left_out: int = left_out("so many more warnings had no room in the answer; left out if there are none")


class ListQuery(Parameters):
    """Which page of the definitions."""

    next: str | None = NEXT_QUERY


class ListedDefinition(Answer):
    """The current version of a definition."""

    id: str
    kind: str
    name: str
    version: int = Field(ge=1)
    time: Instant
    author: str
    sentence: str = left_out("segments only: the condition in English")
    backfilled: Backfilled = left_out(_BACKFILLED)


class ListedDefinitions(Answer):
    """The current versions of a kind."""

    definitions: list[ListedDefinition]
    next: str | None = NEXT


class Definition(ListedDefinition):
    """The current version of a definition, or the one asked for."""

    text: str = Field(description="as saved")
    json_: JsonObject = Field(alias="json", description="as checked: what the host compiles")
    withdrawn: bool = left_out("true of the version that says that the definition is gone; its text is empty")
