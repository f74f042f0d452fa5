"""What events, e-mails and people cost: by hand from the price list, and in docs/deploying.md.

Run as a script, this file writes the table in docs/deploying.md.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import bills
from cli.costs import price

PAGE = Path(__file__).parents[2] / "docs/deploying.md"
BEGIN, END = "<!-- costs: written from cli/usage.json and cli/prices.json -->", "<!-- end of costs -->"
USED = {"requests": 1.0, "writes": 2.0, "reads": 1.5, "calls": 2.0, "gigabyte_seconds": 0.015}


def _lines() -> Iterator[str]:
    yield ""
    for what, lines in (
        ("a million events, one request each", bills.million("single")),
        ("a million events in requests of five", bills.million("together")),
        ("a million answers to the shop's page (`GET /v1/audience`)", bills.million("audience")),
        ("a million timers that bring somebody into an announced segment", bills.million("timer")),
        ("a thousand e-mails about carts, with all that leads to them", bills.emails()),
    ):
        parts = ", ".join(f"{line.what} {line.dollars:.2f}" for line in lines if line.dollars >= 0.005)
        yield f"- {what}: **${bills.total(lines):.2f}** ({parts})"
    month = bills.usage()["month"]
    yield ""
    yield (
        f"A month in which each person does {month['single'] + month['together']} things, {month['single']} of them "
        f"in a request of its own, has {month['timer']} timer and gets {month['email']} e-mails; events are kept for "
        f"{month['months_kept']} months. Functions write no line about an event. Dollars:"
    )
    yield ""
    yield "| | 100,000 people | 1,000,000 people | 10,000,000 people |"
    yield "| --- | --- | --- | --- |"
    for what, dollars in bills.table():
        yield f"| {what} | " + " | ".join(f"{amount:,.0f}" for amount in dollars) + " |"
    yield ""


def _written() -> str:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + "\n" + "\n".join(_lines()) + "\n" + END + rest.partition(END)[2]


def test_the_guide_shows_what_the_program_computes() -> None:
    assert _written() == PAGE.read_text(), "run: PYTHONPATH=. python tests/unit/test_costs_docs.py"


def test_a_million_events_by_hand() -> None:
    dollars = {line.what: line.dollars for line in bills.of(USED, bills.MILLION)}
    assert {
        "HTTP API": pytest.approx(1.11),
        "access log": pytest.approx(200 / 10**9 * 10**6 * 0.57),
        "DynamoDB writes": pytest.approx(1.41),
        "DynamoDB reads": pytest.approx(0.21225),
        "Lambda requests": pytest.approx(0.40),
        "Lambda time": pytest.approx(0.015 * 10**6 * 0.0000133334),
    } == dollars


def test_above_a_border_the_price_is_the_one_from_there_on() -> None:
    (line, _) = bills.of({"requests": 1}, 400 * bills.MILLION)
    assert 300 * 1.11 + 100 * 1.00 == pytest.approx(line.dollars)
    (time,) = bills.of({"gigabyte_seconds": 1}, 20e9)
    tiers = (7.5e9, 0.0000133334), (11.25e9, 0.0000120001), (1.25e9, 0.0000106667)
    assert sum(amount * each for amount, each in tiers) == pytest.approx(time.dollars)


def test_a_month_counts_what_is_stored_and_its_backup() -> None:
    rows, month = bills.usage()["rows"], bills.usage()["month"]
    per_person = rows["profile"] + month["months_kept"] * (
        (month["single"] + month["together"]) * rows["event"] + month["email"] * rows["message"]
    )
    dollars = {line.what: line.dollars for line in bills.month(10**6)}
    gigabytes = per_person * 10**6 / 10**9
    assert gigabytes * price("DynamoDB gigabyte and month") == pytest.approx(dollars["storage"])
    backup = next(amount for what, amount in dollars.items() if what.startswith("backup"))
    assert gigabytes * price("DynamoDB backup, gigabyte and month") == pytest.approx(backup)
    assert 2 * 10**6 / 1000 * 0.1 == pytest.approx(dollars["SES"])


def test_what_is_measured_is_complete() -> None:
    each = bills.usage()["each"]
    assert {"single", "together", "timer", "email", "audience"} == each.keys()
    assert {*each, "months_kept"} == bills.usage()["month"].keys()
    assert all(bills.of(used) for used in each.values())
    assert json.loads(json.dumps(bills.usage())) == bills.usage()


if __name__ == "__main__":
    PAGE.write_text(_written())
