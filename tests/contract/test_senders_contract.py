"""Queues, bus, mailer and secrets: all or an error, and nothing twice."""

from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from functions.adapters.secrets import SecretsManager
from functions.core.base.errors import OutcomeUnknown, SendRefused, Throttled, Unavailable
from functions.core.base.task_codec import decode
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.erasures import ErasePeople
from functions.core.base.tasks.refolds import RefoldPeople
from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.definitions.ruleset import load
from functions.core.deliveries.records import Item, PutEvents, ReceiverAnswer
from functions.core.ports import Ports
from functions.core.profiles.transition import Transition
from functions.destinations import find
from functions.settings import read
from functions.usecases.context import Context
from functions.usecases.deliver import deliver
from functions.wiring import now
from tests.aws import SENDER, Aws
from tests.contract.outside import Outside, received

MAIL = f"From: Shop <{SENDER}>\r\nTo: ann@x.org\r\nSubject: Hi\r\nX-Mark: 1\r\n\r\nHello\r\n".encode()
NOW = 1_795_600_000
TAGS = {"profile": "p1", "cause": "flow_1_2"}


def failing(place: Aws, service: str, operation: str, error: Exception | dict) -> object:
    """Have every such call raise the error or answer so."""

    def answer(**_: object) -> object:
        if isinstance(error, Exception):
            raise error
        return type("Response", (), {"status_code": 200})(), error

    place.clients.get(service).meta.events.register_first(f"before-call.{service}.{operation}", answer)
    return answer


@pytest.fixture
def fail(place: Aws):
    """Make an operation fail for the length of the test."""
    made = []

    def start(service: str, operation: str, error: Exception | dict) -> None:
        made.append((service, operation, failing(place, service, operation, error)))

    yield start
    for service, operation, answer in made:
        place.clients.get(service).meta.events.unregister(f"before-call.{service}.{operation}", answer)


def test_every_dispatch_reaches_its_queue(ports: Ports, outside: Outside) -> None:
    wakes = {WakeProfile(f"p{n:02}", NOW) for n in range(23)}
    ports.queues.send([*map(Dispatch, wakes), Dispatch(AdvanceRun("p1", "flow#é", NOW))])
    ports.queues.send([])
    found = outside.tasks("wakes")
    assert (wakes, 23) == (set(found), len(found))
    assert [AdvanceRun("p1", "flow#é", NOW)] == outside.tasks("steps")


# SQS takes what XML 1.0 has; an identifier is whatever its sender made of it.
@pytest.mark.parametrize("key", ["\x00", "\x0b", "\ud800", "\ufffe", "\uffff", "😀"])
def test_a_task_may_hold_any_character(place: Aws, ports: Ports, environment: dict[str, str], key: str) -> None:
    task = ErasePeople((f"user_id:{key}",))
    ports.queues.send([Dispatch(task)])
    (body,) = received(place, environment["QUEUE_ERASURES"])
    assert (task, True) == (decode("erasures", body), body.isascii())


def test_a_delayed_dispatch_is_not_visible_yet(ports: Ports, outside: Outside) -> None:
    delays = {"p1": 60, "p2": 5000, "p3": -3}
    ports.queues.send([Dispatch(WakeProfile(profile), delay) for profile, delay in delays.items()])
    assert [WakeProfile("p3")] == outside.tasks("wakes")


def test_large_dispatches_travel_in_several_batches(ports: Ports, outside: Outside) -> None:
    ports.queues.send([Dispatch(ErasePeople(("x" * 100_000,))) for _ in range(6)])
    assert 6 == len(outside.tasks("erasures"))


def test_dead_letters_are_brought_back_in_portions_and_none_is_left_behind(ports: Ports, outside: Outside) -> None:
    tasks = [RefoldPeople((f"user_id:{number}",)) for number in range(23)]
    ports.queues.send([Dispatch(task, dead=True) for task in tasks])
    assert [] == outside.tasks("refolds")
    assert 12 == ports.queues.bring_back("refolds", 12)
    assert 12 == len(first := outside.tasks("refolds"))
    assert 11 == ports.queues.bring_back("refolds", 12)
    assert 0 == ports.queues.bring_back("refolds", 12)
    assert set(tasks) == {*first, *outside.tasks("refolds")}


@pytest.mark.parametrize(("operation", "left"), [("SendMessageBatch", 0), ("DeleteMessageBatch", 1)])
def test_a_dead_letter_that_could_not_be_moved_is_not_lost(
    place: Aws, ports: Ports, environment: dict[str, str], outside: Outside, operation: str, left: int
) -> None:
    ports.queues.send([Dispatch(RefoldPeople(("user_id:1",)), dead=True)])
    answer: Any = failing(
        place, "sqs", operation, {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}
    )
    try:
        with pytest.raises(Unavailable, match="refolds"):
            ports.queues.bring_back("refolds", 1)
    finally:
        place.clients.get("sqs").meta.events.unregister(f"before-call.sqs.{operation}", answer)
    assert left == len(outside.tasks("refolds"))
    # It is hidden for the time that somebody else may take who has received it.
    url = environment["QUEUE_REFOLDS_DEAD"]
    told = place.clients.get("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "1" == told["ApproximateNumberOfMessagesNotVisible"]


def test_a_dispatch_that_was_not_taken_is_an_error(ports: Ports, fail) -> None:
    fail("sqs", "SendMessageBatch", {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]})
    with pytest.raises(Unavailable, match="send wakes: InternalError"):
        ports.queues.send([Dispatch(WakeProfile("p1"))])


def test_events_reach_the_bus(ports: Ports, outside: Outside) -> None:
    assert [] == outside.announced()
    events_of_one_call = tuple(Item(str(n), "Segment Entered", f'{{"n":{n}}}') for n in range(10))
    assert ReceiverAnswer() == ports.sender.send("eventbus", PutEvents("segue", "segue", events_of_one_call))
    found = outside.announced()
    assert list(range(10)) == sorted(detail["n"] for _, detail in found)
    assert {"Segment Entered"} == {kind for kind, _ in found}


def test_an_event_is_put_in_the_very_words_that_rules_match(
    place: Aws, ports: Ports, environment: dict[str, str]
) -> None:
    """Rules and receivers of shops stand on them."""
    seen: list[dict] = []
    events = place.clients.get("events").meta.events
    events.register("provide-client-params.events.PutEvents", lambda params, **_: seen.append(params), "look")
    left = Transition("p_4f2a", "größe", False, 1_795_288_320, "time", 7)
    assert {} == deliver(Context(ports, read({}), lambda: load(()), 0), find("eventbus"), [left])
    events.unregister("provide-client-params.events.PutEvents", unique_id="look")
    entry = {
        "Source": "segue",
        "DetailType": "Segment Left",
        "EventBusName": environment["BUS_SEGUE"],
        "Detail": '{"profile":"p_4f2a","segment":"größe","at":1795288320,"cause":"time","order":7}',
    }
    assert [{"Entries": [entry]}] == seen


def test_events_that_were_not_taken_are_told_with_their_codes(ports: Ports, fail) -> None:
    entries = [{"EventId": "1"}, {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow"}, {}]
    fail("events", "PutEvents", {"FailedEntryCount": 2, "Entries": entries})
    answer = ports.sender.send("eventbus", PutEvents("segue", "segue", (Item("1", "x", "{}"),) * 3))
    assert {1: "ThrottlingException", 2: ""} == answer.codes


def test_a_bus_that_does_not_answer_is_unavailable(ports: Ports, fail) -> None:
    fail("events", "PutEvents", ClientError({"Error": {"Code": "ThrottlingException"}}, "PutEvents"))
    with pytest.raises(Throttled, match="put events: ThrottlingException"):
        ports.sender.send("eventbus", PutEvents("segue", "segue", (Item("1", "x", "{}"),)))


def test_a_message_is_handed_over_with_its_id_as_answer(ports: Ports) -> None:
    first, second = ports.mailer.send(MAIL, TAGS), ports.mailer.send(MAIL, TAGS)
    assert first
    assert first != second


def test_tags_and_configuration_set_go_with_the_message(place: Aws, ports: Ports) -> None:
    seen: list[dict] = []
    events = place.clients.get("sesv2").meta.events
    events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: seen.append(params), "look")
    ports.mailer.send(MAIL, TAGS)
    events.unregister("provide-client-params.sesv2.SendEmail", unique_id="look")
    assert "segue" == seen[0]["ConfigurationSetName"]
    assert [{"Name": "profile", "Value": "p1"}, {"Name": "cause", "Value": "flow_1_2"}] == seen[0]["EmailTags"]


def test_a_sender_that_is_not_verified_is_refused_for_good(ports: Ports) -> None:
    with pytest.raises(SendRefused) as refused:
        ports.mailer.send(MAIL.replace(SENDER.encode(), b"stranger@other.example"), TAGS)
    assert "MessageRejected" == refused.value.code
    assert "stranger" not in str(refused.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ReadTimeoutError(endpoint_url="https://ses"), OutcomeUnknown),
        (ConnectTimeoutError(endpoint_url="https://ses"), Unavailable),
        (ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail"), Throttled),
    ],
)
def test_a_call_that_fails_is_made_once(place: Aws, ports: Ports, error: Exception, expected: type) -> None:
    calls = []

    def fail_at_the_wire(**_: object) -> None:
        calls.append(1)
        raise error

    events = place.clients.get("sesv2").meta.events
    events.register_first("before-send.sesv2.SendEmail", fail_at_the_wire)
    try:
        with pytest.raises(Unavailable) as raised:
            ports.mailer.send(MAIL, TAGS)
    finally:
        events.unregister("before-send.sesv2.SendEmail", fail_at_the_wire)
    assert expected is type(raised.value)
    assert [1] == calls


def test_a_secret_is_remembered_until_it_is_refreshed_and_the_previous_one_stays_accepted(
    ports: Ports, outside: Outside
) -> None:
    assert ("first",) == ports.secrets.get("write-key")
    outside.rotate("write-key", "second")
    assert ("first",) == ports.secrets.get("write-key")
    with time_machine.travel(now() + 60, tick=False):
        assert ("second", "first") == ports.secrets.refresh("write-key") == ports.secrets.get("write-key")
        outside.rotate("write-key", "third")
    with time_machine.travel(now() + 120, tick=False):
        assert ("third", "second") == ports.secrets.refresh("write-key")


def test_a_secret_is_there_if_it_was_given(ports: Ports) -> None:
    assert ports.secrets.has("write-key")
    assert not ports.secrets.has("magento")


def secrets_of(place: Aws, environment: dict[str, str]) -> SecretsManager:
    def find(name: str) -> str:
        return environment[f"SECRET_{name.upper().replace('-', '_')}"]

    return SecretsManager(lambda: place.clients.get("secretsmanager"), find, bool, now)


def rotate(place: Aws, environment: dict[str, str], value: str) -> None:
    place.clients.get("secretsmanager").put_secret_value(SecretId=environment["SECRET_WRITE_KEY"], SecretString=value)


def test_the_previous_secret_is_accepted_after_a_rotation(place: Aws, environment: dict[str, str]) -> None:
    assert ("first",) == secrets_of(place, environment).get("write-key")
    rotate(place, environment, "second")
    assert ("second", "first") == secrets_of(place, environment).get("write-key")


def test_a_secret_is_remembered_and_read_again_when_asked_or_old(place: Aws, environment: dict[str, str]) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        secrets = secrets_of(place, environment)
        assert ("first",) == secrets.get("write-key")
        rotate(place, environment, "second")
        clock.shift(9)
        assert ("first",) == secrets.refresh("write-key")
        clock.shift(1)
        assert ("first",) == secrets.get("write-key")
        assert ("second", "first") == secrets.refresh("write-key")
        rotate(place, environment, "third")
        clock.shift(301)
        assert ("third", "second") == secrets.get("write-key")


def test_wrong_signatures_in_a_row_are_one_read_of_the_secret(place: Aws, environment: dict[str, str]) -> None:
    """Not even a secret without a previous version is asked for again."""
    events, calls = place.clients.get("secretsmanager").meta.events, []

    def called(**_: object) -> None:
        calls.append(1)

    events.register("before-call.secrets-manager.GetSecretValue", called)
    try:
        secrets = secrets_of(place, environment)
        for _ in range(5):
            assert ("first",) == secrets.get("write-key") == secrets.refresh("write-key")
    finally:
        events.unregister("before-call.secrets-manager.GetSecretValue", called)
    assert 2 == len(calls)


def test_a_secret_that_is_not_there_is_unavailable(place: Aws, environment: dict[str, str]) -> None:
    lost = secrets_of(place, {**environment, "SECRET_WRITE_KEY": "gone"})
    with pytest.raises(Unavailable, match="read secret write-key: ResourceNotFoundException"):
        lost.get("write-key")
