"""The types of settings: what a variable may hold, and what is wrong with a value that is refused."""

from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from functions.core.base import zones


class Wrong(NamedTuple):
    """The fault text for a value that the annotated type refuses, such as "is not a whole number"."""

    text: str


def _whole(text: object) -> object:
    """pydantic would take ``1_0`` and ``1.0`` for whole numbers as well."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit()):
        raise ValueError
    return text


def _zone(text: str) -> str:
    if (name := zones.canonical(text)) is None:
        raise ValueError
    return name


_Whole = Annotated[int, BeforeValidator(_whole)]
Positive = Annotated[_Whole, Field(ge=1), Wrong("is not a whole number above zero")]
Count = Annotated[_Whole, Wrong("is not a whole number")]
Seconds = Annotated[_Whole, Wrong("is not a whole number of seconds")]
PerCent = Annotated[_Whole, Field(le=100), Wrong("is not a whole number of per cent")]
Reserve = Annotated[_Whole, Field(le=90), Wrong("is not a whole number of per cent up to 90")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z]{3}$"), Wrong("is not a currency code of three letters")]
Zone = Annotated[str, AfterValidator(_zone), Wrong("is not the name of a time zone such as Europe/Berlin")]
Language = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"), Wrong("is not a language such as en or de-AT")
]
Url = Annotated[str, Field(pattern=r"^(https?://|$)"), Wrong("does not begin with https://")]
Keys = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*( *, *[a-z][a-z0-9_]*)*$"),
    Wrong("is not a list of destinations such as eventbus, with commas between"),
]
Domains = Annotated[
    str,
    Field(pattern=r"^$|^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+( *, *[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)*$"),
    Wrong("is not a list of domains such as shop.example, with commas between"),
]
OptionalId = Annotated[
    str, Field(pattern=r"^$|^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60), Wrong("is not the id of a template")
]
YesNo = Annotated[Literal["yes", "no"], Wrong("is neither yes nor no")]
Consent = Annotated[Literal["explicit", "implied"], Wrong("is neither explicit nor implied")]
