"""What is answered when a request is refused."""

from pydantic import Field

from functions.handlers.models.base import Answer


class Fault(Answer):
    """One thing that is wrong; line and column count from 1 in the text that was sent."""

    line: int | None
    column: int | None
    message: str
    suggestion: str | None
    where: str = Field(description="what it is about: a field, parameter or header")


class Refusal(Answer):
    """Every fault of a request that was refused."""

    error: str = Field(description="what kind of refusal: refused, not_found …")
    faults: list[Fault]


class Referrer(Answer):
    """A place in a current definition."""

    kind: str
    id: str
    where: str = Field(description="the path in its text")
    line: int | None
    column: int | None


class InUse(Refusal):
    """Something refers to what was to be withdrawn: every place."""

    referrers: list[Referrer]
