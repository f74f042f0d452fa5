"""The synthesised template, deployed whole: a signed webhook becomes a membership and a message, in real time.

MiniStack runs the real CloudFormation template with the handlers in processes of their own, started by its API
Gateway, streams, queues and scheduler, and enforces the policies that the stack grants.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from functions.adapters.dynamodb.due_index import due_keys
from functions.adapters.dynamodb.rows import states, ticks
from functions.adapters.dynamodb.versioned import versioned
from functions.core.base.tokens import ApiToken, mint
from functions.core.profiles.records import StoredState
from functions.usecases.tick import FIRST
from infra.bundle import Asset
from local.aws.ses_events import Sending, ses_event
from tests import aws, declared
from tests.flow.shop import Person, checkout, order
from tests.infra import emulator
from tests.infra.synthesis import synthesise

SENDER = "hello@shop.example"
SECRET = "the client secret of the app"
ANN, BEN, CLEO, DAN = (Person(number) for number in (1, 2, 3, 4))

# Both are put on the queue by whoever folds, with their delays.
SOON, LATER = 4, 80

SUBJECT = "{}: still thinking about it?"
SEGMENT = 'id: left-{0}\nname: Left, {0}\nwhen: did "Checkout Started" then not "Order Completed" for {1} seconds\n'
FLOW = "id: {0}\nstart: {{segment: left-{0}}}\nreentry: once\nsteps:\n  - send: {0}\n"
TEMPLATE = """
id: {0}
name: Reminder, {0}
kind: marketing
subject: "{0}: still thinking about it?"
body: |
  <mj-section><mj-column>
    <mj-text>Hi {{{{ first_name | default: "there" }}}}, your cart waits.</mj-text>
  </mj-column></mj-section>
text: |
  Hi {{{{ first_name | default: "there" }}}}, your cart waits.
"""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stack, as the outside sees it."""

    ministack: emulator.MiniStack
    outputs: dict[str, str]
    token: str

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """A request through API Gateway's data plane."""
        here, there = urlsplit(self.ministack.url), urlsplit(self.outputs["ApiUrl"])
        connection = http.client.HTTPConnection(str(here.hostname), here.port, timeout=60)
        given = {"Host": there.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body, given)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(text) if text and is_json else text

    def api(self, method: str, path: str, text: str = "") -> tuple[int, Any]:
        """A call of the console or the CLI."""
        bearer = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/yaml"}
        return self.call(method, f"/api{path}", text.encode(), **bearer)

    def hook(self, topic: str, body: Any, secret: str = SECRET) -> tuple[int, Any]:
        """A webhook of Shopify, signed."""
        raw = json.dumps(body).encode()
        signature = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
        return self.call(
            "POST",
            "/hooks/shopify",
            raw,
            Content_Type="application/json",
            X_Shopify_Topic=topic,
            X_Shopify_Hmac_Sha256=signature,
            X_Shopify_Event_Id=f"{topic}-{hashlib.sha256(raw).hexdigest()[:8]}",
        )

    def profile(self, person: Person) -> dict[str, Any]:
        """What the API tells of the person; empty while nobody has the address."""
        status, profile = self.api("GET", f"/profiles?identifier={quote(f'email:{person.email}')}")
        return dict(profile) if status == 200 else {}

    def is_in(self, person: Person, segment: str) -> bool:
        """Whether the person is a member."""
        return segment in {each["id"] for each in self.profile(person).get("segments", [])}

    def letters(self, person: Person) -> list[dict[str, Any]]:
        """What the person was sent; MiniStack keeps the name in the text and forgets the address."""
        return [each for each in self.ministack.sent_mail() if f"Hi {person.name}," in each["BodyText"]]

    def had(self, person: Person, *names: str) -> bool:
        """Whether the person was sent these, in this order, and nothing else."""
        return [SUBJECT.format(name) for name in names] == [each["Subject"] for each in self.letters(person)]

    def report(self, kind: str, person: Person) -> None:
        """What SES tells of a message to the person. MiniStack's tells nothing, so it is published here."""
        (configuration_set,) = self.ministack.client("sesv2").list_configuration_sets()["ConfigurationSets"]
        tags = {"profile": self.profile(person)["id"], "cause": "soon_1_0"}
        event = ses_event(
            Sending("ses-1", SENDER, (person.email,), "", (), tags, configuration_set, int(time.time())), kind
        )
        sns = self.ministack.client("sns")
        (topic,) = (each["TopicArn"] for each in sns.list_topics()["Topics"] if "mailreports" in each["TopicArn"])
        sns.publish(TopicArn=topic, Message=json.dumps(event))


@pytest.fixture(scope="module")
def deployed(
    ministack_program: Path, host_asset: Asset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deploy")
    context = {
        "account": aws.ACCOUNT,
        "region": aws.REGION,
        "asset": str(host_asset.path),
        "from_address": SENDER,
        # MiniStack gives a domain no DKIM tokens to tell.
        "identity": SENDER,
        "definitions_max_age": "1",
        "sources": "shopify,declared",
        # Or MiniStack starts a process for each message that waits, each of which unpacks the bundle.
        "concurrency": "10",
        "shop_address": "1 Corner Street, Berlin",
        "shop_url": "https://shop.example",
    }
    done = synthesise(folder / "cdk.out", context)
    assert done.returncode == 0, done.stderr[-3000:]
    with aws.ministack(ministack_program, folder, AUTH="true", TMPDIR=str(folder)) as url:
        ministack = emulator.MiniStack(url)
        outputs = emulator.deploy(ministack, folder / "cdk.out", "Segue")
        secrets = ministack.client("secretsmanager")
        secrets.put_secret_value(SecretId=outputs["ShopifySecret"], SecretString=SECRET)
        rows = json.dumps({"till": declared.SECRET})
        secrets.put_secret_value(SecretId=outputs["DeclaredSecret"], SecretString=rows)
        key, now = secrets.get_secret_value(SecretId=outputs["SigningKeySecret"]), int(time.time())
        token = ApiToken("1", "test", "publish", now, now + 3600)
        yield Deployed(ministack, outputs, mint(key["SecretString"], key["ARN"], token))


def _until(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.5)


def test_the_doors_answer_as_they_should(deployed: Deployed) -> None:
    assert 401 == deployed.hook("orders/create", {}, secret="wrong")[0]
    assert 404 == deployed.call("POST", "/hooks/nobody", b"{}")[0]
    assert 401 == deployed.call("GET", "/api/definitions/segments")[0]
    assert 404 == deployed.call("GET", "/u/nobody")[0]
    assert 401 == deployed.call("POST", "/v1/track", b'{"event": "Seen", "userId": "u"}')[0]


def test_a_declared_source_is_taken_once_it_is_published_and_replayed_once_it_is_mended(deployed: Deployed) -> None:
    """Publishing writes two tables in one transaction, and collect reads one of them: both by what they are granted."""

    def sell(**more: Any) -> int:
        event = declared.signed({**declared.SALE, **more})
        return deployed.call("POST", "/hooks/till", base64.b64decode(event["body"]), **event["headers"])[0]

    assert 404 == sell()
    assert 200 == deployed.api("PUT", "/definitions/sources/till", declared.TILL)[0]
    _until(lambda: sell() == 200, 30)
    _until(lambda: deployed.api("GET", "/profiles?identifier=email%3Ab%40x.org")[0] == 200, 60)
    assert 200 == sell(type="Verkauf")
    assert [False] == [each["replayed"] for each in deployed.api("POST", "/quarantine/replay")[1]["items"]]
    mended = declared.TILL.replace("type == 'sale'", "type == 'sale' || type == 'Verkauf'")
    assert 200 == deployed.api("PUT", "/definitions/sources/till", mended)[0]
    assert [True] == [each["replayed"] for each in deployed.api("POST", "/quarantine/replay?source=till")[1]["items"]]


def test_a_signed_webhook_becomes_a_membership_and_messages_in_real_time(deployed: Deployed) -> None:
    for name, span in (("soon", SOON), ("later", LATER)):
        assert 200 == deployed.api("PUT", f"/definitions/templates/{name}", TEMPLATE.format(name))[0]
        assert 200 == deployed.api("PUT", f"/definitions/segments/left-{name}", SEGMENT.format(name, span))[0]
        assert 200 == deployed.api("PUT", f"/definitions/flows/{name}", FLOW.format(name))[0]
    time.sleep(1.5)

    for person in (ANN, BEN, CLEO, DAN):
        body = checkout(f"c{person.number}", person, consent="subscribed")
        assert 200 == deployed.hook("checkouts/create", body)[0]
    assert 200 == deployed.hook("orders/create", order(1001, BEN, checkout="c2"))[0]

    # The log's stream, fold, the queue of wakes, the profiles' stream, react, the queue of steps, send.
    for person in (ANN, CLEO, DAN):
        _until(partial(deployed.is_in, person, "left-soon"), 60)
        _until(partial(deployed.had, person, "soon"), 60)
    assert not deployed.is_in(ANN, "left-later")

    # The recipient's one click, and a bounce.
    assert 200 == _unsubscribe(deployed, deployed.letters(CLEO)[0]["BodyText"])
    deployed.report("bounce", DAN)

    # The second wait.
    _until(partial(deployed.had, ANN, "soon", "later"), LATER + 60)
    for person in (ANN, CLEO, DAN):
        _until(partial(deployed.is_in, person, "left-later"), 30)
    time.sleep(5)
    assert deployed.had(ANN, "soon", "later")
    assert deployed.had(CLEO, "soon")
    assert deployed.had(DAN, "soon")
    assert deployed.had(BEN)


def _unsubscribe(deployed: Deployed, letter: str) -> int:
    """RFC 8058, with the link as it stands in the letter."""
    link = re.search(r"https?://[^/\s]+(/u/\S+)", letter)
    assert link is not None
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    return deployed.call("POST", link[1], b"List-Unsubscribe=One-Click", **form)[0]


def test_the_tick_finds_whom_nobody_queued_and_goes_on_through_its_queue_where_a_shard_has_many(
    deployed: Deployed,
) -> None:
    """More rows than a tick queues by itself, in a shard of a number of shards before; no tick has been there yet."""
    client = deployed.ministack.client("dynamodb")
    tables = {
        name: next(each for each in client.list_tables()["TableNames"] if name in each)
        for name in ("profiles", "ticks")
    }
    due = due_keys("0", int(time.time()))
    for number in range(FIRST + 20):
        item = states.to_item(StoredState(f"nobody{number}"), 64, "")
        client.put_item(TableName=tables["profiles"], Item=versioned(item, 0).item | due)
    client.delete_item(TableName=tables["ticks"], Key=ticks.KEY)

    def waiting() -> int:
        values = {":shard": {"S": "0"}, ":due": due["due"]}
        rows = client.query(
            TableName=tables["profiles"],
            IndexName="due",
            KeyConditionExpression="#s = :shard AND #d = :due",
            ExpressionAttributeNames={"#s": "shard", "#d": "due"},
            ExpressionAttributeValues=values,
        )
        return len(rows["Items"])

    assert FIRST < waiting()
    _until(lambda: waiting() == 0, 150)


def test_nothing_was_given_up_on_the_way(deployed: Deployed) -> None:
    sqs = deployed.ministack.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        if "dead" in url:
            waiting = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
            assert "0" == waiting["Attributes"]["ApproximateNumberOfMessages"], url
