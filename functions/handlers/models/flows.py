"""Flows: their state, and what a new version would do to the runs under way."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from functions.core.base import errors
from functions.handlers.models.base import Answer, Body, left_out
from functions.handlers.models.definitions import Published
from functions.handlers.models.faults import Fault

FlowState = Literal["active", "paused", "draining"]


class StateWanted(Body):
    """The state that a flow is to have."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "state": errors.Fault("not one of active, paused, draining", suggestion="paused"),
    }

    state: FlowState


class PublishedState(Published):
    """The version that is current now, with the flow's state."""

    state: FlowState


class RunGroup(Answer):
    """Runs that stand at one step of one version, and where they would go on."""

    version: int = Field(ge=0)
    step: str | None = Field(description="where the runs stand; null past the last step")
    runs: int = Field(ge=1)
    then: str | None = Field(description="where they go on: null if they end")
    text: str


class FlowImpact(Answer):
    """What publishing the text would do to the runs under way; nothing is saved."""

    move: bool = Field(description="whether the text asks runs under way to go on under it")
    steps: list[str] = Field(description="the ids of the steps, those that are not written too")
    under_way: int = Field(ge=0)
    groups: list[RunGroup]
    text: str
    warnings: list[Fault] = left_out("what a publication would warn of; left out where there is nothing")
