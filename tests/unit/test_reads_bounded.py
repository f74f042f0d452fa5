"""How many partitions of the log are read for one person: bounded however many identifiers they have, and told."""

import pytest

from functions.core.base.events import Event
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.looked_at import MOST_LOOKED_AT
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.usecases import explain, links, people, profile_session
from functions.usecases.fold import fold
from functions.usecases.profile_update import whole_history
from tests.flow.in_memory_app import InMemoryApp

NOW = 1_795_000_000
ANN, ACCOUNT = "email:ann@x.org", "user_id:ann"
DEVICES = 7_500


class CountedReads:
    """The partitions that were read of a log in memory, and of what kinds the rows of profiles were."""

    def __init__(self, app, monkeypatch):
        self.partitions, self.rows = [], 0
        self._read, self._load = app.log.read, app.people.load
        monkeypatch.setattr(app.log, "read", self._reading)
        monkeypatch.setattr(app.people, "load", self._loading)

    def _reading(self, name, since=0):
        self.partitions.append(name)
        return self._read(name, since)

    def _loading(self, identifiers, profiles, marks=(), **how):
        names, ids, keys = list(identifiers), list(profiles), list(marks)
        self.rows += len(names) + 2 * len(ids) + len(keys)
        return self._load(names, ids, keys, **how)


@pytest.fixture
def app():
    app = InMemoryApp(now=NOW)
    app.publish_text("segments", "looked", 'id: looked\nname: Looked\nwhen: did "Product Viewed" at least 3 times\n')
    return app


def event(number, *names, name="Identified", trust="signed"):
    at = NOW - 1_000_000 + number
    return Event(name, at, at, names, f"{at}#{number}", "test", trust=trust)


def logins(count):
    return [event(number, ACCOUNT, ANN, f"anonymous_id:d{number}") for number in range(count)]


def of_many_devices(app):
    """Somebody with 7,500 devices, on each of which a product was viewed before the login."""
    views = [event(n, f"anonymous_id:d{n}", name="Product Viewed") for n in range(DEVICES)]
    app.log.append([*views, *logins(DEVICES)])
    attributes = profile_attributes.apply(ProfileAttributes("p"), logins(DEVICES))
    app.people.point([Pointer(name, "p", NOW, "test") for each in logins(DEVICES) for name in each.identifiers])
    links.write(app.context, attributes)
    app.people.save_attributes(attributes)
    app.people.save_state(StoredState("p"))
    return people.by_id(app.context, "p")


def test_explain_reads_the_newest_of_7500_devices_and_says_so(app, monkeypatch):
    person = of_many_devices(app)
    reads = CountedReads(app, monkeypatch)
    explained = explain.explain(app.context, person, "looked", NOW)
    assert len(reads.partitions) == MOST_LOOKED_AT + 2
    assert {"anonymous_id": {"looked_at": 50, "of": DEVICES}} == explained["looked_at"]
    assert explained["tree"]["facts"]["counted"] == 3


def test_the_view_of_a_person_says_of_how_many_devices_it_knows(app, monkeypatch):
    person = of_many_devices(app)
    reads = CountedReads(app, monkeypatch)
    assert {"anonymous_id": {"looked_at": 50, "of": DEVICES}} == people.view(app.context, person)["looked_at"]
    assert len(reads.partitions) <= 2 * (MOST_LOOKED_AT + 2)


def test_an_answer_about_somebody_with_few_identifiers_leaves_nothing_out(app):
    assert fold(app.context, logins(50)) == {}
    person = people.by_identifier(app.context, ANN)
    assert {} == people.view(app.context, person)["looked_at"]
    assert {} == explain.explain(app.context, person, "looked", NOW)["looked_at"]


def test_the_last_look_reads_a_bounded_number_of_partitions_of_7500(app, monkeypatch):
    of_many_devices(app)
    reads = CountedReads(app, monkeypatch)
    assert profile_session.current(app.context, "p", NOW)
    assert len(reads.partitions) <= 2 * (MOST_LOOKED_AT + 2)


def test_a_request_for_all_data_of_a_person_leaves_no_device_out(app):
    person = of_many_devices(app)
    assert 2 * DEVICES == people.events(app.context, person, 10)["count"]
    assert 2 * DEVICES == len(whole_history(app.context, person.attributes).events)


def test_the_login_of_a_new_visitor_reads_no_more_for_somebody_with_a_thousand_devices(app, monkeypatch):
    def rows_and_partitions(account, before):
        own = [event(n, f"user_id:{account}", f"anonymous_id:{account}{n}") for n in range(before)]
        app.log.append(own)
        assert fold(app.context, own) == {}
        visits = [event(2_000 + n, f"anonymous_id:{account}new", name="Product Viewed") for n in range(3)]
        app.log.append(visits)
        assert fold(app.context, visits) == {}
        login = [event(3_000, f"user_id:{account}", f"anonymous_id:{account}new")]
        app.log.append(login)
        with monkeypatch.context() as patched:
            reads = CountedReads(app, patched)
            assert fold(app.context, login) == {}
        return reads.rows, len(reads.partitions)

    few, many = rows_and_partitions("bob", 60), rows_and_partitions("ann", 1_000)
    assert few == many
    assert many <= (20, 60)
