"""Public datasets as events; what they should come to stands in ``oracles.json`` beside them."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from functions.core.base.events import Event
from functions.core.base.money import normalise

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def oracle(name):
    """The numbers to reproduce; skips the test where the datasets are not there."""
    path = DATA / "oracles.json"
    if not path.exists():
        pytest.skip("the datasets of shared/data are not on this machine")
    return json.loads(path.read_text())[name]


def rows(path):
    with gzip.open(DATA / "datasets" / path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seconds(written):
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp())


def event(name, customer, time, order, **properties):
    """An event of a shop; amounts are in major units of pounds."""
    return Event(
        name=name,
        time=time,
        received=time,
        identifiers=(f"user_id:{customer}",),
        sort=f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S}.000Z#{name}-{order}",
        source="csv",
        properties=normalise({"order_id": order, **properties}, "GBP"),
        natural=f"order:{order}",
    )


def rfm_orders():
    """The events of each customer of rfm_orders."""
    found = defaultdict(list)
    for number, row in enumerate(rows("rfm_orders/rfm_orders.csv.gz")):
        time, revenue = seconds(row["order_date"]), Decimal(row["revenue"])
        found[row["customer_id"]].append(
            event("Order Completed", row["customer_id"], time, f"r{number}", total=revenue)
        )
    return found


def online_retail():
    """The events of each customer of Online Retail: one an invoice, with its valid lines; cancellations too."""
    invoices = defaultdict(list)
    for row in rows("online_retail/online_retail_2010-12-01_2011-05-31.csv.gz"):
        if row["CustomerID"]:
            invoices[row["InvoiceNo"]].append(row)
    found = defaultdict(list)
    for number, lines in invoices.items():
        customer = lines[0]["CustomerID"].removesuffix(".0")
        time = seconds(min(line["InvoiceDate"] for line in lines))
        if number.startswith("C"):
            found[customer].append(event("Order Cancelled", customer, time, number))
            continue
        sold = [product for product in map(_product, lines) if product["quantity"] > 0 and product["price"] > 0]
        total = sum((product["quantity"] * product["price"] for product in sold), Decimal(0))
        if sold:
            found[customer].append(event("Order Completed", customer, time, number, total=total, products=sold))
    return {customer: sorted(events, key=lambda each: each.time) for customer, events in found.items()}


def _product(line):
    return {"product_id": line["StockCode"], "quantity": int(line["Quantity"]), "price": Decimal(line["UnitPrice"])}
