"""The impact of flows with more runs under way than a request may read is the answer of a job."""

import pytest

from functions.core.base.errors import Throttled
from functions.core.base.identity import profile_id
from functions.core.flows.records import Run
from functions.core.jobs.records import JobSegment
from functions.usecases.questions import Question
from functions.usecases.scan import PROFILES, RUNS, Standing, following, standing
from tests.console import BUYERS, CALM
from tests.unit.jobs_world import PEOPLE, asked, crowd, deliver, messages, result, run, shown
from tests.unit.test_api_impact import TEMPLATE

__all__ = ["crowd"]

LATER = "id: later\nname: Later\nstart: {event: X}\nsteps:\n  - wait: 1 day\n  - send: hello\n  - send: bye\n"
MOVED = "move: true\n" + LATER.replace("  - send: hello\n", "")
NOBODY = BUYERS.replace("Order Completed", "Nothing")
RUNS_PATH, TOGETHER = "/api/flows/later/impact", "/api/definitions/impact"
TEXTS = {
    "definitions": [
        {"kind": "flows", "id": "later", "text": MOVED},
        {"kind": "segments", "id": "buyers", "text": NOBODY},
    ]
}


@pytest.fixture
def busy(crowd):
    """The crowd, with a run under way of each person, at one of two steps, and one of each that has ended."""
    crowd.save(TEMPLATE.strip(), "templates")
    crowd.save(TEMPLATE.strip().replace("id: hello", "id: bye"), "templates")
    crowd.save(LATER, "flows")
    for number, person in enumerate(PEOPLE):
        step = "bye" if number % 4 else "hello"
        begin(crowd, person, step=step, due=10**10)
        begin(crowd, person, entry="over", due=None, outcome="completed")
        begin(crowd, person, flow="other", due=10**10)
    return crowd


def begin(world, person, *, flow="later", entry="e", **more):
    """Store a run of the flow's first version."""
    assert world.ports.runs.start(Run(profile_id(person), flow, entry, 1, 1, flow_version=1, **more))


def wanted(world, status=202):
    """The impact of the text of the flow, or the job that answers it."""
    return world.ask("POST", RUNS_PATH, MOVED, status=status, content="application/yaml")


def together(world, texts, status=202):
    """The impact of several texts, or the job that answers it."""
    return world.ask("POST", TOGETHER, texts, status=status)


def within_a_request(monkeypatch):
    """From now on a request may read everything."""
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 1_000)


def test_the_impact_of_a_flow_with_many_runs_is_a_job_with_the_answer_of_the_request(busy, monkeypatch):
    job = wanted(busy)["job"]
    told = shown(busy, job)
    assert ("flow-impact", "impact of a text of flow later", "ann") == (told["kind"], told["subject"], told["author"])
    run()
    assert {"segments": {"done": 3, "of": 3}, "people": {"seen": 0, "about": 0}} == shown(busy, job)["progress"]
    told = result(busy, job)
    assert 20 == told["under_way"]
    assert [("bye", 15, "bye"), ("hello", 5, "bye")] == [(g["step"], g["runs"], g["then"]) for g in told["groups"]]
    within_a_request(monkeypatch)
    assert told == wanted(busy, status=200)


def test_no_request_reads_more_runs_than_it_may(busy, monkeypatch):
    read, pages = [], type(busy.ports.runs).pages

    def counted(*place, **part):
        for page in pages(*place, **part):
            read.append(page)
            yield page

    monkeypatch.setattr(type(busy.ports.runs), "pages", counted)
    wanted(busy)
    assert 1 == len(read)


def test_nobody_is_read_for_a_question_about_runs_alone(busy, monkeypatch):
    monkeypatch.setattr(type(busy.ports.people), "pages", None)
    for job in (wanted(busy)["job"], together(busy, {"definitions": TEXTS["definitions"][:1]})["job"]):
        run()
        assert result(busy, job)


def test_several_texts_are_weighed_in_one_job_that_reads_everybody_and_then_the_runs(busy, monkeypatch):
    job = together(busy, TEXTS)["job"]
    assert "impact-with-runs" == shown(busy, job)["kind"]
    run()
    told = result(busy, job)
    assert [("buyers", 0, 20)] == [(each["id"], each["enter"], each["leave"]) for each in told["segments"]]
    assert [("later", 20)] == [(each["id"], each["under_way"]) for each in told["flows"]]
    assert {"seen": 20, "about": 20} == shown(busy, job)["progress"]["people"]
    within_a_request(monkeypatch)
    assert told == together(busy, TEXTS, status=200)


def test_the_pages_of_several_texts_are_of_one_job(busy, monkeypatch):
    monkeypatch.setattr("functions.core.answers.pages.LARGEST_ANSWER", 10)
    job = together(busy, TEXTS)["job"]
    run()
    first = result(busy, job)
    second = busy.ask("POST", TOGETHER, TEXTS, next=first["next"])
    assert ["later"] == [each["id"] for each in first["flows"] + second["flows"]]
    assert ["buyers"] == [each["id"] for each in first["segments"] + second["segments"]]
    assert second["next"] is None


def test_runs_of_several_versions_stand_at_the_steps_of_their_own(busy):
    busy.save(LATER.replace("name: Later", "name: Later on"), "flows")
    busy.ports.runs.start(Run(profile_id("email:new@x.org"), "later", "e", 1, 1, "hello", 10**10, flow_version=2))
    job = wanted(busy)["job"]
    run()
    told = result(busy, job)
    places = [(group["version"], group["step"], group["runs"], group["then"]) for group in told["groups"]]
    assert [(1, "bye", 15, "bye"), (1, "hello", 5, "bye"), (2, "hello", 1, "bye")] == places


def test_a_job_that_dies_among_the_runs_goes_on_there_and_counts_none_twice(busy, monkeypatch):
    job = together(busy, TEXTS)["job"]
    pages, calls = type(busy.ports.runs).pages, []

    def failing(runs, *place, **part):
        calls.append(place)
        if len(calls) == 3:
            raise Throttled("scan runs")
        return pages(runs, *place, **part)

    monkeypatch.setattr(type(busy.ports.runs), "pages", failing)
    first, *others = messages()
    assert not deliver(first)
    seen = shown(busy, job)["progress"]["people"]["seen"]
    monkeypatch.setattr(type(busy.ports.people), "pages", None)
    assert deliver(first)
    assert seen == shown(busy, job)["progress"]["people"]["seen"]
    monkeypatch.undo()
    monkeypatch.setattr("functions.usecases.sweep.PAGE", 5)
    assert all(map(deliver, others))
    told = result(busy, job)
    assert (20, 20) == (told["flows"][0]["under_way"], told["segments"][0]["leave"])


def test_jobs_about_people_and_about_runs_are_answered_side_by_side(busy):
    jobs = [wanted(busy)["job"], asked(busy), together(busy, TEXTS)["job"], asked(busy, 'did "A"')]
    run()
    runs, people, both, nobody = (result(busy, job) for job in jobs)
    assert (20, 20, 20, 0) == (runs["under_way"], people["count"], both["flows"][0]["under_way"], nobody["count"])


def test_a_job_of_the_release_before_has_the_views_of_its_flows_in_its_question(crowd):
    crowd.save(CALM)
    view = {"move": False, "steps": ["bye"], "under_way": 0, "groups": [], "text": "No run is under way."}
    job = together(crowd, {"definitions": TEXTS["definitions"][1:]})["job"]
    stored = crowd.ports.jobs.question(job)
    stored["told"]["flows"] = {"later": view}
    crowd.ports.jobs.begin(crowd.ports.jobs.get(job), stored)
    run()
    assert [{"id": "later", **view}] == result(crowd, job)["flows"]


@pytest.mark.parametrize(
    ("reads", "stored", "place", "expected"),
    [
        ([PROFILES], None, "[1]", (Standing(PROFILES), "[1]")),
        ([PROFILES], "[1]", None, (Standing(PROFILES, "[1]"), None)),
        ([RUNS], None, "[1]", (Standing(RUNS), "runs:[1]")),
        ([RUNS], "runs:[1]", None, (Standing(RUNS, "[1]"), None)),
        ([PROFILES, RUNS], "[1]", "[2]", (Standing(PROFILES, "[1]"), "[2]")),
        ([PROFILES, RUNS], "[2]", None, (Standing(PROFILES, "[2]"), "runs:")),
        ([PROFILES, RUNS], "runs:", "[1]", (Standing(RUNS), "runs:[1]")),
        ([PROFILES, RUNS], "runs:[1]", None, (Standing(RUNS, "[1]"), None)),
    ],
)
def test_the_stored_place_says_what_is_read_next(reads, stored, place, expected):
    at = standing(reads, stored)
    assert expected == (at, following(reads, at, place))
    goes_on = JobSegment(0, place=stored).after(0, following(reads, at, place), 1, None)
    assert (expected[1] is None) == goes_on.finished


def test_a_question_about_no_segment_reads_nobody():
    assert (RUNS,) == Question("impact-with-runs", 1, [{}, {}], [], {"flows": {"later": {}}}).reads
    assert (PROFILES, RUNS) == Question("impact-with-runs", 1, [{}, {}], ["buyers"], {"flows": {}}).reads
