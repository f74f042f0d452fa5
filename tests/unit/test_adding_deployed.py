"""A source, a destination, a Lambda and a route are each what their guide says: a new file, and a row or a name."""

import re
import shutil
from typing import get_args

import pytest

from functions.topology_rows import Function, Trigger
from tests.unit.guides import CODE, LOCAL, ROOT, follow, run


@pytest.fixture
def copy(tmp_path):
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_source_is_one_new_file_its_name_and_its_secret(copy):
    follow("ADDING_A_SOURCE.md", copy)
    run(
        copy,
        script=LOCAL
        + """
with running("http://127.0.0.1") as host:
    receipt = {"receipt": "r-1", "sold_at": "2026-01-05T10:00:00Z", "total": "12.50", "email": "Ann@x.org"}
    body = json.dumps(receipt).encode()
    signature = hmac.new(host.secret("till").encode(), body, hashlib.sha256).hexdigest()
    assert 401 == ask(host, "POST", "/hooks/till", body, x_till_signature="wrong")[0]
    for _ in range(2):
        assert 200 == ask(host, "POST", "/hooks/till", body, x_till_signature=signature)[0]
    (row,) = host.rows("log", 10)
    assert "email:ann@x.org" == row["pk"]["S"], row
    broken = b'{"receipt": []}'
    signature = hmac.new(host.secret("till").encode(), broken, hashlib.sha256).hexdigest()
    assert 200 == ask(host, "POST", "/hooks/till", broken, x_till_signature=signature)[0]
    (kept,) = host.rows("quarantine", 10)
    reason = "receipt: receipt must be a whole number or text of ordinary length; sold_at is missing"
    assert {"S": reason} in kept.values(), kept
""",
    )


RECEIVER = """
import base64, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Receiver(BaseHTTPRequestHandler):
    asked, status = [], 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.asked.append((self.path, dict(self.headers), body))
        self.send_response(Receiver.status)
        self.end_headers()

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["DESTINATIONS"] = "eventbus, webhook"
os.environ["SEGUE_SECRET_WEBHOOK"] = json.dumps({"url": f"http://127.0.0.1:{server.server_port}/in", "key": "k"})

def verified(headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = base64.b64encode(hmac.new(b"k", signed, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{made}"
"""


def test_a_destination_is_one_new_file_and_its_secret(copy):
    new = follow("ADDING_A_DESTINATION.md", copy)
    assert ["functions/destinations/webhook.py", "tests/golden/destinations/webhook.json"] == new
    tests = (
        "unit/test_destination_golden.py",
        "unit/test_destinations.py",
        "unit/test_deliver.py",
        "unit/deliveries.py",
    )
    shutil.copytree(ROOT / "tests/fakes", copy / "tests/fakes")
    for path in ("__init__.py", "unit/__init__.py", *tests):
        (copy / "tests" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / path, copy / "tests" / path)
    shutil.copy(ROOT / "tests/golden/destinations/eventbus.json", copy / "tests/golden/destinations")
    told = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/{path}" for path in tests))
    assert "passed" in told, told
    run(
        copy,
        script="import os"
        + LOCAL
        + RECEIVER
        + """
SEGMENT = 'name: Buyers\\nannounce: true\\nwhen: did "Order Completed" within 30 days\\n'

with running("http://127.0.0.1") as host:
    token = {"authorization": f"Bearer {host.token('publish')}", "content_type": "application/yaml"}
    assert 200 == ask(host, "PUT", "/api/definitions/segments/buyers", SEGMENT.encode(), **token)[0]
    host.scheduler.settle()
    basic = base64.b64encode(f"{host.secret('server-key')}:".encode()).decode()

    def order(number):
        event = {"event": "Order Completed", "userId": f"u{number}", "messageId": f"m{number}"}
        status, _ = ask(host, "POST", "/v1/track", json.dumps(event).encode(), authorization=f"Basic {basic}")
        assert 200 == status
        host.scheduler.settle()

    order(1)
    assert ["shopify", "woocommerce", "stripe"] == list(host.keys()["webhooks"])
    ((path, headers, body),) = Receiver.asked
    said = json.loads(body)
    assert ("/in", "Segment Entered", "buyers") == (path, said["type"], said["data"]["segment"])
    assert verified(headers, body)

    from local.http.control import Control
    handed = json.loads(Control(host).answer(LocalRequest("GET", "/_local/deliveries")).body)
    assert ["eventbus", "webhook"] == [each["destination"] for each in handed]
    assert [200, 200] == [each["answer"]["status"] for each in handed]
    assert body.decode() == handed[1]["request"]["body"]

    Receiver.status = 503
    order(2)
    first = Receiver.asked[-1]
    host.scheduler.advance(int(time.time()) + 300)
    assert 2 == len(Receiver.asked)
    Receiver.status = 200
    host.scheduler.advance(int(time.time()) + 120)
    again = Receiver.asked[-1]
    assert 3 == len(Receiver.asked)
    assert first[1]["webhook-id"] == again[1]["webhook-id"] and first[2] == again[2]
    assert verified(again[1], again[2])

    Receiver.status = 410
    order(3)
    host.scheduler.advance(int(time.time()) + 3600)
    assert 4 == len(Receiver.asked)
    dead = host.cloud.queue("deliveries-dead").take(10)
    assert ["answered 410"] == [json.loads(letter["body"])["reason"] for letter in dead]
    assert ["webhook: answered 410"] == [letter.message for letter in host.failures.dead]

    # Time alone: all leave after 30 days, and the receiver is told of the one whose entry it refused too.
    Receiver.status = 200
    host.scheduler.advance(int(time.time()) + 31 * 86400)
    left = [json.loads(body) for _, _, body in Receiver.asked[4:]]
    assert 3 == len(left) and {"Segment Left"} == {each["type"] for each in left}, left
    assert all(verified(headers, body) for _, headers, body in Receiver.asked)
""",
    )


def test_a_lambda_is_one_new_file_and_one_row_of_the_topology(copy):
    follow("ADDING_A_LAMBDA.md", copy)
    run(
        copy,
        script=LOCAL
        + """
with running("http://127.0.0.1") as host:
    assert (200, {"revision": 0}) == ask(host, "GET", "/status")
    with host.functions.environment("status") as wiring:
        assert ["TABLE_DEFINITIONS"] == [name for name in wiring.settings.places if name.startswith("TABLE_")]
""",
    )


def test_the_guide_names_every_trigger_and_every_part_of_a_row():
    guide = (ROOT / "docs/ADDING_A_LAMBDA.md").read_text()
    triggers = {kind.__name__ for kind in get_args(Trigger)}
    parts = set(Function._fields)
    assert set() == {name for name in triggers | parts if not re.search(rf"\b{name}\b", guide)}


def test_a_route_of_the_api_is_one_function_its_models_and_its_area(copy):
    follow("ADDING_AN_API_ROUTE.md", copy)
    run(copy, "-m", "functions.handlers.make_openapi")
    run(
        copy,
        script=LOCAL
        + """
from functions.core.base.product import Product

with running("http://127.0.0.1") as host:
    token = {"authorization": f"Bearer {host.token('publish')}"}
    with host.functions.environment("collect") as wiring:
        wiring.products.put(Product("p 1", "Kettle", price=4900, currency="EUR"))
    known = {"id": "p 1", "title": "Kettle", "image": "", "url": "", "price": 4900, "currency": "EUR"}
    assert (200, known) == ask(host, "GET", "/api/products/p%201", **token)
    status, refusal = ask(host, "GET", "/api/products/p2", **token)
    assert (404, "no such product") == (status, refusal["faults"][0]["message"])
    assert 401 == ask(host, "GET", "/api/products/p%201")[0]
    described = ask(host, "GET", "/api/openapi.json")[1]["paths"]["/api/products/{id}"]["get"]
    assert {"200", "401", "404", "503"} == set(described["responses"])
    assert "A product" == described["summary"]

    assert (200, {"currency": "EUR"}) == ask(host, "GET", "/v1/currency")
    status, refusal = ask(host, "POST", "/v1/currency")
    assert (405, "method: this path takes GET") == (status, refusal["message"])
    described = ask(host, "GET", "/api/openapi.json")[1]["paths"]["/v1/currency"]["get"]
    assert ("The currency of amounts that name none", []) == (described["summary"], described["security"])
""",
    )
