"""The types of fields of senders' bodies: lenient ones read what is odd, needed ones name what is wrong."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field

from functions.core.base.errors import NotUnderstood
from functions.sources.bodies import read_json
from functions.sources.fields import (
    ITEMS,
    Currency,
    Date,
    Email,
    Id,
    Ids,
    Instant,
    Link,
    Money,
    NeededDate,
    NeededId,
    Object,
    Objects,
    Text,
    Whole,
    needed_unless_given,
    unless,
)
from functions.sources.payload import Payload, understand


class Inner(Payload):
    id: Id = None


class Lenient(Payload):
    id: Id = None
    ids: Ids = Field(default_factory=list)
    text: Text = None
    email: Email = None
    link: Link = None
    whole: Whole = None
    money: Money = None
    currency: Currency = None
    instant: Instant = None
    inner: Object[Inner] = Field(default_factory=Inner)
    inners: Objects[Inner] = Field(default_factory=list)


class Needed(Payload):
    id: NeededId
    at: NeededDate
    until: Date = None
    updated: Date = None
    created: Annotated[Date, unless("updated")] = needed_unless_given()


def read(field: str, json: str) -> Any:
    return getattr(understand(Lenient, read_json(f'{{"{field}": {json}}}'.encode()), "body"), field)


def reason(body: Any) -> str:
    with pytest.raises(NotUnderstood) as error:
        understand(Needed, body, "orders/create")
    return error.value.reason


@pytest.mark.parametrize("odd", ["null", "[]", "{}", '""', '"  "', "true", "1.5", '[{"id": 1}]'])
@pytest.mark.parametrize("field", sorted(set(Lenient.model_fields) - {"money", "email", "inners"}))
def test_a_value_of_an_unexpected_type_is_read_as_absent(field: str, odd: str) -> None:
    assert getattr(Lenient(), field) == read(field, odd)


@pytest.mark.parametrize(
    ("field", "json", "expected"),
    [
        ("id", "9007199254740993003", "9007199254740993003"),
        ("id", '" 7 "', "7"),
        ("id", '"gid://shopify/Customer/7"', "7"),
        ("id", '"gid://shopify/Cart/hWN4?key=1"', "hWN4"),
        ("id", '"gid://elsewhere/Order/7"', "gid://elsewhere/Order/7"),
        ("id", f'"{"7" * 255}"', "7" * 255),
        ("id", f'"{"7" * 256}"', None),
        ("ids", '[1, "2", null, [], "gid://shopify/Order/3"]', ["1", "2", "3"]),
        ("text", "12", "12"),
        ("text", f'"{"x" * 300}"', "x" * 255),
        ("email", f'"{"x" * 300}@x.org"', "x" * 300 + "@x.org"),
        ("link", '"javascript:alert(1)"', None),
        ("link", '"https://x.org/a"', "https://x.org/a"),
        ("whole", "9007199254740992", None),
        ("whole", '"2"', None),
        ("money", "0.10", Decimal("0.10")),
        ("money", '"44.98"', Decimal("44.98")),
        ("money", '"NaN"', None),
        ("money", '"1e400"', None),
        ("money", "true", None),
        ("currency", '"eur"', "EUR"),
        ("currency", '"12$"', None),
        ("instant", '"2026-11-21"', 1_795_219_200_000),
        ("instant", '"1969-12-31T23:59:59Z"', None),
        ("inner", '{"id": 5, "more": {}}', Inner(id="5")),
        ("inners", '[null, {"id": 5}, "x", {}]', [Inner(id="5"), Inner()]),
        ("inners", '{"id": 5}', []),
    ],
)
def test_a_value_is_read_as_the_nearest_plain_one(field: str, json: str, expected: Any) -> None:
    found = read(field, json)
    assert (expected, type(expected)) == (found, type(found))


def test_every_field_that_is_wrong_is_named_and_the_first_that_is_missing() -> None:
    assert "orders/create: id is missing" == reason({"id": " "})
    assert "orders/create: id must be a whole number or text of ordinary length; at is missing" == reason(
        {"id": True, "at": None}
    )
    assert "orders/create: updated or created is missing" == reason({"id": 1, "at": "2026-11-21", "updated": ""})
    every = [
        "id must be a whole number or text of ordinary length",
        "at is not a date",
        "until is not a date",
        "created is not a date",
    ]
    assert f"orders/create: {'; '.join(every)}" == reason({"id": [], "at": "yesterday", "until": 5, "created": True})


def test_a_field_that_stands_in_for_another_is_read_only_without_it() -> None:
    body = {"id": 1, "at": "2026-11-21", "updated": "1970-01-01", "created": "never"}
    assert (0, None) == (understand(Needed, body, "topic").updated, understand(Needed, body, "topic").created)
    assert "orders/create: updated is not a date" == reason({**body, "updated": "never"})
    assert "orders/create: created is not a date" == reason({**body, "updated": ""})


@pytest.mark.parametrize("body", [None, [], "text", 5])
def test_a_body_that_is_no_object_is_not_understood(body: Any) -> None:
    assert "orders/create: the body is not an object" == reason(body)


def test_a_list_too_long_to_be_real_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match=r"inners has more than 10000 items"):
        understand(Lenient, {"inners": [{}] * (ITEMS + 1)}, "body")


def test_a_model_is_built_when_its_first_body_comes() -> None:
    class Fresh(Payload):
        id: Id = None

    assert not Fresh.__pydantic_complete__
    understand(Fresh, {}, "body")
    assert Fresh.__pydantic_complete__
