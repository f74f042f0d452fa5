"""Fold fails for longer than the stream keeps its records, or at one person for ever; then everything is right."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from functions import wiring
from functions.core.base.errors import NotFound, RowTooLarge, Throttled
from functions.core.base.events import Event
from functions.core.base.identity import profile_id
from functions.core.base.rfc3339 import text as rfc3339
from functions.core.base.tasks.refolds import RefoldPeople, RefoldReceived
from functions.core.profiles.records import StoredState
from functions.usecases import fold, park, people, refold
from tests.fakes.people import FakePeople
from tests.flow.host import Host, opened
from tests.flow.in_memory_app import InMemoryApp
from tests.notes import note
from tests.poison import EVENT, REFUSED, poisoned
from tests.unit.strategies import thorough

HOUR, DAY = 3600, 86_400
START = 1_795_288_320
BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed" within 30 days\nannounce: true\n'
TWICE = 'id: twice\nname: Bought twice\nwhen: did "Order Completed" at least 2 times within 30 days\n'
AWAY = ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")
WRONG = KeyError("a bad deploy")


def order(host: Host, person: str, number: int) -> None:
    body = {"userId": person, "event": "Order Completed", "properties": {"order_id": f"{person}-{number}", "total": 5}}
    assert 200 == host.segment("track", {**body, "messageId": f"{person}-{number}"}).status


def segments(host: Host, person: str) -> set[str]:
    """The segments in which the API shows the person; none if nobody knows them."""
    answer = host.api("GET", f"profiles?identifier=user_id:{person}")
    return {each["id"] for each in json.loads(answer.body)["segments"]} if answer.status == 200 else set()


def refolded(host: Host, **what: Any) -> int:
    """Ask for it and let it be done; return how much was queued."""
    answer = host.api("POST", "refolds", what)
    assert 200 == answer.status, answer.body
    host.settle()
    return int(json.loads(answer.body)["queued"])


@contextmanager
def shop() -> Iterator[Host]:
    with opened(shipped=False) as host:
        assert 200 == host.publish("segments", "buyers", BUYERS).status
        assert 200 == host.publish("segments", "twice", TWICE).status
        host.settle()
        yield host


# Of so few records an hour those of a bad deploy are parked; while AWS is away they stay in the stream, for a day.
@pytest.mark.parametrize(("fault", "streamed"), [(AWAY, range(7, 30)), (WRONG, ())], ids=["outage", "bad-deploy"])
def test_after_thirty_hours_in_which_nothing_could_be_folded_everything_is_right(
    fault: Exception, streamed: Iterable[int]
) -> None:
    with shop() as host:
        order(host, "early", 1)
        host.settle()
        begun = host.clock()
        with poisoned(fault):
            for hour in range(30):
                order(host, f"p{hour}", 1)
                order(host, "early", 2)
                host.clock.advance("1h")
        host.clock.advance("2m")
        known = [hour for hour in range(30) if segments(host, f"p{hour}")]
        assert list(streamed) == [hour for hour in known if hour >= 7]
        assert len(known) < 30
        assert 2 == refolded(host, since=rfc3339(begun))
        assert [{"buyers"}] * 30 == [segments(host, f"p{hour}") for hour in range(30)]
        assert {"buyers", "twice"} == segments(host, "early")
        # Folding what was parked as well changes nothing.
        refolded(host, parked=True)
        assert {"buyers", "twice"} == segments(host, "early")


@pytest.mark.parametrize("fault", [REFUSED, WRONG], ids=["refused-row", "fault"])
def test_one_person_at_whom_the_program_fails_holds_up_nobody(fault: Exception) -> None:
    with shop() as host:
        with poisoned(fault, "user_id:bad"):
            for number in range(20):
                order(host, f"p{number}", 1)
                order(host, "bad", number)
            host.settle()
            assert [{"buyers"}] * 20 == [segments(host, f"p{number}") for number in range(20)]
            assert set() == segments(host, "bad")
            host.clock.advance("30h")
        assert 1 <= refolded(host, parked=True)
        assert {"buyers", "twice"} == segments(host, "bad")


class Outage(InMemoryApp):
    """A shop whose stream keeps records for a day, and whose profiles fail to be written while ``fault`` says so."""

    fault: Exception | None = None
    bad: frozenset[str] = frozenset()

    def deliver(self) -> None:
        """What Lambda does in an hour: it hands over from the first record on that is to come again."""
        while self.log.stream and self.log.stream[0].received <= self.now - DAY:
            self.log.stream.popleft()
        while self.log.stream:
            batch = list(self.log.stream)[:BATCH]
            failed = {
                place: park.Failed(error, RefoldPeople(batch[place].identifiers))
                for place, error in fold.fold_apart(self.context, batch).items()
            }
            again = park.park(self.context, failed, len(batch))
            for _ in range(min(again, default=len(batch))):
                self.log.stream.popleft()
            if again:
                return

    def mend(self, since: int) -> None:
        """The program works again, and whoever runs the shop folds what was missed."""
        self.fault = None
        self.deliver()
        late, lanes = (lambda: False), 3
        for lane in range(lanes):
            refold.refold_received(lambda: self.context, RefoldReceived(since, self.now, lane, lanes), late)
        while self.dead:
            task = self.dead.pop()
            assert isinstance(task, RefoldPeople)
            refold.refold_people(self.context, task)


class Failing(FakePeople):
    """Profiles of such a shop."""

    def __init__(self, shop: Outage) -> None:
        super().__init__()
        self._shop = shop

    def save_state(self, stored_state: StoredState) -> None:
        if self._shop.fault and (not self._shop.bad or stored_state.profile in self._shop.bad):
            raise self._shop.fault
        super().save_state(stored_state)


def opened_shop() -> Outage:
    app = Outage(START, stalled=True)
    app.people = Failing(app)
    for name, text in (("buyers", BUYERS), ("twice", TWICE)):
        app.publish_text("segments", name, text)
    return app


def seen(app: InMemoryApp) -> list[Any]:
    """What the API shows of everybody, but for what depends on when it was folded."""
    shown: list[Any] = []
    for name in NAMES:
        try:
            person = people.view(app.context, people.by_identifier(app.context, name))
        except NotFound:
            shown.append(None)
            continue
        told = {key: person[key] for key in ("identifiers", "traits", "consent")}
        shown.append((told, [each["id"] for each in person["segments"]]))
    return shown


BATCH = 3
NAMES = [f"{space}:{number}" for space in ("user_id", "anonymous_id") for number in "abcd"]
FAULTS = st.sampled_from([WRONG, Throttled("put profiles"), RowTooLarge("put profiles", 500_000)])
bad = st.lists(st.sampled_from(NAMES), max_size=2).map(lambda names: frozenset(map(profile_id, names)))
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique_by=lambda name: name.partition(":")[0])
steps = st.lists(
    st.tuples(st.just("tell"), names)
    | st.tuples(st.just("fail"), st.tuples(FAULTS, bad))
    | st.tuples(st.just("pass"), st.integers(1, 20)),
    max_size=25,
)


@given(steps)
@thorough
def test_whatever_fails_however_long_folding_from_the_log_makes_all_of_it_right(steps: list[Any]) -> None:
    broken, healthy = opened_shop(), opened_shop()
    for number, (what, told) in enumerate(steps):
        if what == "fail":
            broken.fault, broken.bad = told
        for app in (broken, healthy):
            if what == "tell":
                sort = f"{rfc3339(app.now)}#{number}"
                properties = {"order_id": str(number), "total": 5}
                event = Event("Order Completed", app.now, app.now, tuple(told), sort, "segment", properties)
                app.log.append([event])
            app.now += told * HOUR if what == "pass" else 0
            app.deliver()
    broken.mend(START)
    assert [] == broken.dead
    assert seen(healthy) == seen(broken)


def test_a_change_at_which_react_fails_is_parked_whole_and_starts_its_flow_once_it_is_brought_back() -> None:
    flow = "id: thanks\nname: Thanks\nstart: {event: Order Completed}\nsteps:\n  - send: note\n"

    def fail(params: Any, **_: Any) -> None:
        bad = {profile_id(name) for name in ("user_id:bad", "email:bad@x.org")}
        if params["TableName"].endswith("-runs") and params["Item"]["pk"]["S"] in bad:
            raise WRONG

    with shop() as host:
        assert 200 == host.publish("templates", "note", note("note", "transactional", words="note")).status
        assert 200 == host.publish("flows", "thanks", flow).status
        host.settle()
        events = wiring.clients().get("dynamodb").meta.events
        events.register(EVENT, fail)
        try:
            for person in ("good", "bad", "fine"):
                body = {"userId": person, "traits": {"email": f"{person}@x.org"}, "messageId": f"i-{person}"}
                assert 200 == host.segment("identify", body).status
                order(host, person, 1)
            host.clock.advance("2m")
        finally:
            events.unregister(EVENT, fail)
        assert ["fine@x.org", "good@x.org"] == sorted(each["to"] for each in host.mailbox())
        assert 1 == redriven(host)
        host.clock.advance("2m")
        assert ["bad@x.org", "fine@x.org", "good@x.org"] == sorted(each["to"] for each in host.mailbox())


def redriven(host: Host) -> int:
    """Redrive what react parked, as SQS does."""
    with host.inner.functions.environment("react") as ports:
        url = ports.settings.place("queue", "changes-dead")
    sqs = wiring.clients().get("sqs")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in found:
        sqs.send_message(QueueUrl=url.removesuffix("-dead"), MessageBody=each["Body"])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return len(found)
