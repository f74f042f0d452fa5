"""Erasures: of one person, and of the whole shop, which the storefront asks for and the shop's owner confirms."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from functions.core.base import errors
from functions.handlers.models.base import Answer, Body, Instant


class ShopConfirmed(Body):
    """The confirmation: the domain of the shop that is to be erased, written out."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "confirm": errors.Fault("not the domain of the shop", suggestion="your-shop.myshopify.com"),
    }

    confirm: str = Field(max_length=255)


class ShopErasure(Answer):
    """A request of the storefront to erase the shop."""

    shop: str = Field(description="the shop's domain")
    asked: Instant = Field(description="when the storefront asked for it")
    before: Instant = Field(description="when the legal term ends")
    confirmed: Instant | None = Field(description="when it was confirmed; null while it waits")
    author: str | None = Field(description="who confirmed it")


class ShopErasures(Answer):
    """The latest request for each of the shop's domains."""

    items: list[ShopErasure]


class PersonNamed(Body):
    """Who is to be erased."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "identifier": errors.Fault("not an identifier: namespace:value", suggestion="email:ann@example.org"),
    }

    identifier: str = Field(max_length=512, description="any identifier of the person")


class PersonErasure(Answer):
    """An erasure that is queued."""

    identifiers: list[str] = Field(description="the person's identifiers, which nothing says any more once it is done")
