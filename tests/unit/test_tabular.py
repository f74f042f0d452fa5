"""Rows of files as messages: whole or refused, amounts and dates exact, consent only from a column mapped to it."""

import io
import json
from decimal import Decimal

import pytest

from functions.core.base.errors import Malformed
from functions.core.base.translation import Request
from functions.sources import segment
from functions.sources.bodies import read_json, write_json
from functions.sources.tabular import dates, guess, reading, seen, targets, values
from functions.sources.tabular.messages import translate
from functions.sources.tabular.records import BadValue, Format, Layout, Messages, Refusal, Row

NOW = "2026-11-27T00:00:00.000Z"


def of(text, kind, mapped, **more):
    rows = list(reading.csv_rows(text.splitlines(keepends=True), reading.delimiter(text)))
    header = next(row for row in rows if isinstance(row, Row)).values
    layout = targets.layout(kind, targets.pairs(mapped), header, Layout(kind, {}, **more))
    return list(translate(rows, layout, NOW))


ORDERS = """number,mail,when,total,item,qty
1001,ann@x.org,2024-03-01T10:00:00+01:00,"1,299.90",Ring,1
1001,,,,Box,2
1002,bob@x.org,2024-03-02,oops,Ring,1
1003,,2024-03-03,5,Ring,1
"""
MAPPED = "order_id=number,email=mail,time=when,total=total,product.name=item,product.quantity=qty,currency=:EUR"


def test_rows_of_one_order_are_one_message_with_its_lines_and_bad_orders_are_refused_with_their_line():
    good, bad, nobody = of(ORDERS, "orders", MAPPED, group="number")
    (body,) = good.bodies
    assert "2024-03-01T09:00:00.000Z" == body["timestamp"]
    assert {
        "total": "1299.90",
        "currency": "EUR",
        "products": [{"name": "Ring", "quantity": Decimal(1)}, {"name": "Box", "quantity": Decimal(2)}],
        "order_id": "1001",
    } == body["properties"]
    assert (4, 5) == (bad.line, nobody.line)
    assert "total: 'oops' is no number" in bad.reason
    assert "names nobody" == nobody.reason


def test_the_api_takes_the_messages_and_counts_amounts_in_minor_units():
    bodies = [body for each in of(ORDERS, "orders", MAPPED, group="number") for body in getattr(each, "bodies", ())]
    request = Request(body=write_json({"batch": bodies}), route="batch", received=1_800_000_000, currency="USD")
    (event,) = segment.emit(request, read_json(request.body)).events
    assert (129990, "order:1001", ("email:ann@x.org",)) == (
        event.properties["total"],
        event.natural,
        event.identifiers,
    )


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        'a "quoted" \\ back',
        "line\nbreak\u2028\x00",
        "Köln \U0001f600",
        "",
        0,
        -7,
        1 << 70,
        True,
        None,
        1.5,
        [],
        {},
    ],
)
def test_json_is_written_as_the_library_writes_it(value):
    whole = {"Grüße": [value, {"inner": value}], "last": value}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace('"Grüße"', json.dumps("Grüße"))
    assert text.encode() == write_json(whole)


def test_messages_are_written_as_they_are():
    for each in of(ORDERS, "orders", MAPPED, group="number"):
        assert tuple(map(write_json, getattr(each, "bodies", ()))) == getattr(each, "written", ())


def test_the_same_row_is_the_same_event_and_another_row_is_another():
    ids = [[body["messageId"] for each in of(ORDERS, "orders", MAPPED, group="number") if isinstance(each, Messages)
            for body in each.bodies] for _ in range(2)]  # fmt: skip
    assert ids[0] == ids[1]
    two = of("email,city\na@x.org,Rome\na@x.org,Bonn\n", "customers", "email=email,city=city")
    assert 2 == len({each.bodies[0]["messageId"] for each in two})


def test_consent_is_taken_from_a_mapped_column_alone_and_its_time_only_if_that_is_mapped_too():
    text = "email;accepts_marketing;since\na@x.org;yes;2024-01-02\nb@x.org;no;\nc@x.org;;\nd@x.org;maybe;\n"
    unmapped = of(text, "customers", "email=email")
    assert [["identify"]] * 4 == [[body["type"] for body in each.bodies] for each in unmapped]
    guesses = guess.guess(["email", "accepts_marketing", "since"], [], None)
    assert ["accepts_marketing"] == guesses.consent
    assert ["email"] == [each.target for each in guesses.columns]
    yes, no, silent, odd = of(text, "customers", "email=email,consent=accepts_marketing,consent_time=since")
    said = yes.bodies[1]
    assert ("Consent Changed", "subscribed", "2024-01-02T00:00:00.000Z") == (
        said["event"], said["context"]["traits"]["email_marketing_consent"], said["timestamp"])  # fmt: skip
    assert "unsubscribed" == no.bodies[1]["context"]["traits"]["email_marketing_consent"]
    assert "timestamp" not in no.bodies[1]
    assert 1 == len(silent.bodies)
    assert isinstance(odd, Refusal)


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        ("1,234.50", Format(), "1234.50"),
        ("1.234,50", Format(decimal=","), "1234.50"),
        ("€ 12.00", Format(), "12.00"),
        ("12.00 EUR", Format(), "12.00"),
        ("-3", Format(), "-3"),
        ("1999", Format(minor=True), "19.99"),
        ("0.1", Format(), "0.1"),
        ("", Format(), None),
    ],
)
def test_amounts_are_exact(value, form, expected):
    assert (None if expected is None else Decimal(expected)) == values.amount(value, form, "EUR")


@pytest.mark.parametrize("value", ["12,50", "1.2.3", "abc", "1e5", "12-", "(12.00)", "5 %", "٣"])
def test_what_may_be_another_amount_is_refused(value):
    with pytest.raises(BadValue):
        values.amount(value, Format(), "EUR")


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        ("2024-03-01", Format(timezone="Europe/Berlin"), "2024-02-29T23:00:00.000Z"),
        ("2024-03-01 10:00:00 +0100", Format(), "2024-03-01T09:00:00.000Z"),
        ("1709283600", Format(), "2024-03-01T09:00:00.000Z"),
        (1709283600000, Format(), "2024-03-01T09:00:00.000Z"),
        ("1.3.2024", Format(dates="DD.MM.YYYY"), "2024-03-01T00:00:00.000Z"),
        ("03/01/2024 12:05 AM", Format(dates="MM/DD/YYYY"), "2024-03-01T00:05:00.000Z"),
        ("", Format(), None),
    ],
)
def test_dates_are_read_as_they_are_told(value, form, expected):
    assert expected == dates.instant(value, form)


@pytest.mark.parametrize(
    ("value", "form"),
    [("01/03/2024", Format()), ("13/25/2024", Format(dates="MM/DD/YYYY")), ("1.3.24", Format(dates="DD.MM.YYYY")),
     ("yesterday", Format()), ("1969-12-31", Format()), ("2024-02-30", Format())],
)  # fmt: skip
def test_other_dates_are_refused(value, form):
    with pytest.raises(BadValue):
        dates.instant(value, form)


def test_an_order_of_dates_that_nobody_told_stops_the_import_at_its_first_row_and_one_bad_amount_does_not():
    layout = targets.layout("orders", targets.pairs("email=e,order_id=o,time=t,total=a"), "eota")
    rows = [Row(2, {"e": "a@x", "o": "1", "t": "2024-01-01", "a": "x"}),
            Row(3, {"e": "a@x", "o": "2", "t": "03/04/2024", "a": "1"})]  # fmt: skip
    (fault,) = guess.faults(layout, rows)
    assert (3, "time=t") == (fault.line, fault.where)
    assert "which number is the day" in fault.message


def test_a_layout_that_cannot_work_is_refused_with_every_fault():
    with pytest.raises(Malformed) as refused:
        targets.layout("orders", targets.pairs("emial=mail,total=sum"), ["mail", "total"])
    said = {(fault.where, fault.suggestion) for fault in refused.value.faults}
    assert {("emial", "email"), ("total", None), ("map", "email=Email"), ("map", "order_id=COLUMN")} <= said


def test_csv_with_newlines_in_quotes_unclosed_quotes_and_short_rows_goes_on_behind_each():
    text = 'email,note\na@x.org,"two\nlines"\nb@x.org\nc@x.org,' + '"' + "x" * 70_000 + "\n" + "d@x.org,fine\n"
    rows = list(reading.csv_rows(text.splitlines(keepends=True), ","))
    assert [2, 4, 5, 6] == [row.line for row in rows]
    assert "two\nlines" == getattr(rows[0], "values", {})["note"]
    assert [Row, Refusal, Refusal, Row] == [type(row) for row in rows]


def test_the_delimiter_is_the_one_that_gives_rows_of_one_width():
    assert ";" == reading.delimiter('name;total\n"a;b";1,5\nc;2,5\n')
    assert "\t" == reading.delimiter("a\tb\n1\t2,3\n")


def test_lines_of_json_are_rows_with_dotted_columns():
    lines = ['{"a": {"b": [1]}, "c": 1.10}\n', "[]\n", "\n", "{oops\n"]
    row, no_object, no_json = reading.json_rows(lines)
    assert Row(1, {"a.b": 1, "c": Decimal("1.10")}) == row
    assert [2, 4] == [no_object.line, no_json.line]


LINES = """number,mail,when,total,item
1001,ann@x.org,2024-03-01,5,Ring
1001,,,,Box
{odd}
1002,bob@x.org,2024-03-02,7,Ring
1003,eve@x.org,2024-03-03,9,Ring
"""


@pytest.mark.parametrize("odd", ["1001,torn", ",,,,Ribbon"])
def test_an_order_beside_a_row_that_may_be_its_is_not_taken_by_half(odd):
    before, bad, behind, good = of(LINES.format(odd=odd), "orders", MAPPED_ITEMS, group="number")
    assert [(2, "row 4"), (4, ""), (5, "row 4")] == [
        (each.line, "row 4" if "beside row 4" in each.reason else "") for each in (before, bad, behind)
    ]
    assert "1003" == good.bodies[0]["properties"]["order_id"]


MAPPED_ITEMS = "order_id=number,email=mail,time=when,total=total,product.name=item"


@pytest.mark.parametrize(("group", "says"), [("number", "sort the file by number"), ("", "say --group number")])
def test_an_order_whose_rows_stand_apart_is_not_taken_by_half(group, says):
    text = "number,mail,when,total,item\n" + "".join(
        f"{number},a@x.org,2024-03-01,5,Ring\n" for number in (1, 1, 2, 1, 3)
    )
    rows = list(reading.csv_rows(text.splitlines(keepends=True), ","))
    header = text.partition("\n")[0].split(",")
    layout = targets.layout("orders", targets.pairs(MAPPED_ITEMS), header, Layout("orders", {}, group=group))
    found = seen.scattered(rows, layout, seen.Seen())
    assert {"1"} == found
    told = list(translate(rows, layout, NOW, found))
    assert all(says in each.reason for each in told if isinstance(each, Refusal))
    assert ["2", "3"] == [each.bodies[0]["properties"]["order_id"] for each in told if isinstance(each, Messages)]


def test_rows_of_an_order_that_stand_together_are_guessed_to_be_one():
    rows = [Row(line, {"Order ID": number}) for line, number in enumerate(("1", "1", "2"), 2)]
    assert guess.is_shared("Order ID", rows)
    assert not guess.is_shared("Order ID", rows[1:])


def test_what_was_seen_is_known_however_much_that_is():
    known = seen.Seen()
    assert all(known.add(str(number)) for number in range(10_000))
    assert not any(known.add(str(number)) for number in range(10_000))
    assert 10_000 == len(known)


def test_a_date_with_another_separator_is_refused_with_both():
    with pytest.raises(BadValue, match="written with '/'"):
        dates.instant("01/03/2024", Format(dates="DD.MM.YYYY"))


def test_rows_of_another_kind_are_passed_over_and_not_refused():
    wanted, other = of(
        "email,channel\na@x.org,email\nb@x.org,sms\n", "customers", "email=email", only={"channel": "EMAIL"}
    )
    assert isinstance(wanted, Messages)
    assert (True, "channel is not EMAIL") == (other.unasked, other.reason)


def test_a_line_without_end_is_one_bad_row():
    text = io.StringIO("email,note\na@x.org,fine\n" + "x" * 3_000_000 + "\nb@x.org,fine\n")
    rows = list(reading.csv_rows(reading.bounded(text), ","))
    assert [Row, Refusal, Row] == [type(row) for row in rows]
