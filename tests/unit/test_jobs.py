"""Whatever is asked about more people than a request may evaluate: a job answers the same as the request would have."""

from collections import Counter
from dataclasses import replace

import pytest

from functions import wiring
from functions.core.base import rfc3339
from functions.core.base.identity import profile_id
from functions.usecases import jobs as usecase
from functions.usecases.scan_page import ScanPage
from tests.console import BUYERS, CALM, DAY, HOUR, NOW, order, token
from tests.unit.jobs_world import PEOPLE, asked, crowd, deliver, messages, result, run, shown

__all__ = ["crowd"]

IDS = sorted(map(profile_id, PEOPLE))
WHEN = 'did "Order Completed"'


def within_a_request(monkeypatch):
    """From now on a request may evaluate everybody."""
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 1_000)


def test_a_preview_of_many_is_a_job_with_the_answer_of_the_request(crowd, monkeypatch):
    job = asked(crowd)
    told = shown(crowd, job)
    assert ("preview", "queued", "ann") == (told["kind"], told["state"], told["author"])
    assert {"segments": {"done": 0, "of": 3}, "people": {"seen": 0, "about": 20}} == told["progress"]
    first, *others = messages()
    assert deliver(first)
    told = shown(crowd, job)
    assert ("running", 1) == (told["state"], told["progress"]["segments"]["done"])
    assert 0 < told["progress"]["people"]["seen"] < 20
    assert "result" not in told
    assert all(map(deliver, others))
    told = shown(crowd, job)
    assert {"segments": {"done": 3, "of": 3}, "people": {"seen": 20, "about": 20}} == told["progress"]
    assert (20, IDS) == (told["result"]["count"], told["result"]["sample"])
    within_a_request(monkeypatch)
    assert told["result"] == crowd.ask("POST", "/api/preview", {"when": WHEN})


def test_members_come_page_by_page_and_nobody_is_evaluated_for_the_second(crowd, monkeypatch):
    path = "/api/segments/buyers/members"
    job = crowd.ask("GET", path, limit=7, status=202)["job"]
    run()
    page = result(crowd, job)
    monkeypatch.setattr(ScanPage, "states", None)
    seen, sizes = list(page["members"]), [len(page["members"])]
    while page["next"]:
        page = crowd.ask("GET", path, limit=7, next=page["next"])
        assert 20 == page["count"]
        seen += page["members"]
        sizes.append(len(page["members"]))
    assert [7, 7, 6] == sizes
    assert IDS == sorted(seen)


def test_the_members_of_a_small_shop_are_not_evaluated_for_the_second_page_either(crowd, monkeypatch):
    within_a_request(monkeypatch)
    path = "/api/segments/buyers/members"
    page = crowd.ask("GET", path, limit=9)
    monkeypatch.setattr(ScanPage, "states", None)
    second = crowd.ask("GET", path, limit=9, next=page["next"])
    third = crowd.ask("GET", path, limit=9, next=second["next"])
    assert IDS == [*page["members"], *second["members"], *third["members"]]
    assert third["next"] is None
    assert [] == messages()


def test_counts_of_many_are_a_job(crowd, monkeypatch):
    crowd.save(CALM)
    crowd.tell(order("email:late@x.org", 60 * DAY))
    job = crowd.ask("GET", "/api/segments", count="true", status=202)["job"]
    run()
    counted = result(crowd, job)
    assert {"buyers": 20, "calm": 1} == {each["id"]: each["count"] for each in counted["segments"]}
    within_a_request(monkeypatch)
    assert counted == crowd.ask("GET", "/api/segments", count="true")


def test_the_second_page_of_counts_is_of_the_same_job(crowd, monkeypatch):
    monkeypatch.setattr("functions.core.answers.pages.MOST", 1)
    crowd.save(CALM)
    job = crowd.ask("GET", "/api/segments", count="true", status=202)["job"]
    run()
    first = result(crowd, job)
    second = crowd.ask("GET", "/api/segments", count="true", next=first["next"])
    listed = first["segments"] + second["segments"]
    assert [("buyers", 20), ("calm", 0)] == [(each["id"], each["count"]) for each in listed]
    assert second["next"] is None


NOBODY = BUYERS.replace("Order Completed", "Nothing")


def test_the_impact_of_a_text_on_many_is_a_job_with_the_answer_of_the_request(crowd, monkeypatch):
    path = "/api/segments/buyers/impact"
    job = crowd.ask("POST", path, NOBODY, status=202, content="application/yaml")["job"]
    crowd.save(NOBODY)
    run()
    told = result(crowd, job)
    assert (0, 20, 0, IDS) == (told["enter"], told["leave"], told["stay"], told["leaving"])
    within_a_request(monkeypatch)
    crowd.save(BUYERS)
    assert told == crowd.ask("POST", path, NOBODY, content="application/yaml")


def test_the_impact_of_several_texts_on_many_comes_in_pages_of_one_job(crowd, monkeypatch):
    crowd.save(CALM)
    texts = {"definitions": [{"kind": "segments", "id": "buyers", "text": NOBODY}]}
    within_a_request(monkeypatch)
    expected = crowd.ask("POST", "/api/definitions/impact", texts)
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 1)
    monkeypatch.setattr("functions.core.answers.pages.LARGEST_ANSWER", 10)
    job = crowd.ask("POST", "/api/definitions/impact", texts, status=202)["job"]
    run()
    first = result(crowd, job)
    monkeypatch.setattr(ScanPage, "states", None)
    second = crowd.ask("POST", "/api/definitions/impact", texts, next=first["next"])
    assert (["buyers"], ["calm"], None) == (_ids(first), _ids(second), second["next"])
    assert expected["segments"] == [*first["segments"], *second["segments"]]
    crowd.ask("POST", "/api/definitions/impact", texts, next="none.segments/buyers", status=400)


def _ids(page):
    return [each["id"] for each in page["segments"]]


def test_each_page_of_the_scan_is_read_once_for_all_jobs_that_wait(crowd, monkeypatch):
    reads: Counter[tuple[int, str | None]] = Counter()
    histories: Counter[str] = Counter()
    pages, read = type(crowd.ports.people).pages, type(crowd.ports.log).read_newest

    def counted(people, start=None, size=200, **part):
        for found in pages(people, start, size, **part):
            reads[part["lane"], start] += 1
            yield found

    def noted(log, names, *since):
        histories.update(names)
        return read(log, names, *since)

    past = {"at": rfc3339.text(NOW - 2 * HOUR)}
    jobs = [asked(crowd), asked(crowd, 'not did "X"'), asked(crowd, **past), asked(crowd, 'did "Y"', **past)]
    assert 4 == len(set(jobs))
    monkeypatch.setattr(type(crowd.ports.people), "pages", counted)
    monkeypatch.setattr(type(crowd.ports.log), "read_newest", noted)
    run()
    assert [20, 20, 0, 0] == [result(crowd, job)["count"] for job in jobs]
    assert {1} == set(reads.values())
    assert dict.fromkeys(PEOPLE, 1) == histories


def test_the_same_question_is_answered_once_at_a_time(crowd):
    job = asked(crowd)
    assert job == asked(crowd)
    assert job != asked(crowd, at=rfc3339.text(NOW))
    assert job != asked(crowd, 'did "Other"')
    run()
    assert job != asked(crowd)


def test_a_request_that_died_before_it_queued_is_made_good_by_the_next(crowd):
    job = asked(crowd)
    assert 3 == len(messages())
    assert job == asked(crowd)
    run()
    assert 20 == result(crowd, job)["count"]


def test_a_message_that_comes_twice_counts_nobody_twice(crowd):
    job = asked(crowd)
    bodies = messages()
    assert all(map(deliver, [*bodies, *bodies]))
    assert 20 == result(crowd, job)["count"]
    assert all(map(deliver, bodies))


def test_a_job_that_is_asked_for_while_another_is_under_way_is_answered_whole(crowd):
    first = asked(crowd)
    bodies = messages()
    assert deliver(bodies[0])
    second = asked(crowd, 'did "Order Completed" within 9 days')
    run()
    assert 20 == result(crowd, second)["count"]
    assert all(map(deliver, bodies[1:]))
    assert 20 == result(crowd, first)["count"]


def test_a_job_answers_for_the_version_it_was_asked_for_and_says_so(crowd):
    job = crowd.ask("GET", "/api/segments/buyers/members", status=202)["job"]
    counts = crowd.ask("GET", "/api/segments", count="true", status=202)["job"]
    bodies = messages()
    assert deliver(bodies[0])
    assert "note" not in shown(crowd, job)
    crowd.save(BUYERS.replace("Order Completed", "Nothing"))
    assert all(map(deliver, bodies))
    assert 20 == result(crowd, job)["count"]
    assert "segments/buyers has been edited" in shown(crowd, job)["note"]
    assert "version 1" in shown(crowd, job)["note"]
    assert [20] == [each["count"] for each in result(crowd, counts)["segments"]]
    assert "revision 1" in shown(crowd, counts)["note"]


def test_a_segment_that_is_withdrawn_meanwhile_is_answered_as_it_was(crowd):
    job = crowd.ask("GET", "/api/segments/buyers/members", status=202)["job"]
    crowd.ask("DELETE", "/api/definitions/segments/buyers")
    run()
    assert 20 == result(crowd, job)["count"]
    assert "edited" in shown(crowd, job)["note"]


def test_everybody_is_as_at_the_instant_of_the_question_whatever_happens_meanwhile(crowd):
    job = asked(crowd, f"not ({WHEN} within 30 days)")
    twice = asked(crowd, f"{WHEN} at least 2 times")
    bodies = messages()
    assert deliver(bodies[0])
    crowd.clock.shift(60)
    late = [order(who, at=NOW + 30, number=9) for who in PEOPLE]
    crowd.tell(*late)
    assert all(map(deliver, bodies))
    assert (0, 0) == (result(crowd, job)["count"], result(crowd, twice)["count"])
    again = asked(crowd, f"{WHEN} at least 2 times")
    run()
    assert 20 == result(crowd, again)["count"]


def test_what_waits_is_bounded_and_whoever_asks_for_more_is_told_when_to_come_again(crowd, monkeypatch):
    monkeypatch.setattr(usecase, "MOST_OPEN", 2)
    first, _ = asked(crowd, 'did "A"'), asked(crowd, 'did "B"')
    refused = crowd.ask("POST", "/api/preview", {"when": 'did "C"'}, status=429)
    assert "too_many" == refused["error"]
    assert "2 jobs are open" in refused["faults"][0]["message"]
    assert str(usecase.WAIT) == crowd.headers["retry-after"]
    assert first == asked(crowd, 'did "A"')
    crowd.ask("DELETE", f"/api/jobs/{first}")
    asked(crowd, 'did "C"')


def test_a_job_that_is_cancelled_answers_nothing(crowd):
    job = asked(crowd)
    assert "cancelled" == crowd.ask("DELETE", f"/api/jobs/{job}")["state"]
    run()
    told = shown(crowd, job)
    assert ("cancelled", 0) == (told["state"], told["progress"]["people"]["seen"])
    assert "result" not in told
    assert "cancelled" == crowd.ask("DELETE", f"/api/jobs/{job}")["state"]


def test_whoever_reads_may_ask_and_look_and_not_cancel(crowd):
    reader = token("read")
    job = crowd.ask("POST", "/api/preview", {"when": WHEN}, token=reader, status=202)["job"]
    crowd.ask("DELETE", f"/api/jobs/{job}", token=reader, status=403)
    run()
    assert 20 == crowd.ask("GET", f"/api/jobs/{job}", token=reader)["result"]["count"]


def test_jobs_are_listed_newest_first_with_those_that_are_open_before_the_others(crowd):
    done = asked(crowd)
    run()
    crowd.clock.shift(1)
    older = asked(crowd, 'did "A"')
    crowd.clock.shift(1)
    newer = asked(crowd, 'did "B"')
    listed = [each for each in crowd.ask("GET", "/api/jobs")["jobs"] if each["kind"] != "backfill"]
    assert [(newer, "queued"), (older, "queued"), (done, "done")] == [(each["id"], each["state"]) for each in listed]
    assert [newer] == [each["id"] for each in crowd.ask("GET", "/api/jobs", limit=1)["jobs"]]


def test_whoever_waits_for_a_job_has_the_answer_when_it_is_there(crowd, monkeypatch):
    job, slept = asked(crowd), []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            run()

    monkeypatch.setattr("functions.handlers.routes.jobs.sleep", sleep)
    assert "done" == crowd.ask("GET", f"/api/jobs/{job}", wait=25)["state"]
    assert [1, 1, 1] == slept
    crowd.ask("GET", f"/api/jobs/{job}", wait=26, status=400)
    other = asked(crowd, 'did "A"')
    assert "queued" == crowd.ask("GET", f"/api/jobs/{other}", wait=2)["state"]


@pytest.mark.parametrize("place", ["?", "abc", "a.1.1.1", "1795262400aaaaaaaaaaaa.0.0.0", "../x", "a.1"])
def test_a_place_that_no_page_named_is_refused(crowd, place):
    crowd.ask("GET", "/api/segments/buyers/members", next=place, status=400)


def test_what_does_not_exist_is_not_found(crowd):
    crowd.ask("GET", "/api/jobs/none", status=404)
    crowd.ask("DELETE", "/api/jobs/none", status=404)


def test_a_question_that_has_no_room_is_refused_as_too_large(crowd, monkeypatch):
    monkeypatch.setattr("functions.adapters.dynamodb.calls.ROW_BYTES", 100)
    crowd.ask("POST", "/api/preview", {"when": WHEN}, status=413)


def test_jobs_of_another_division_of_the_scan_are_left_to_their_own_messages(crowd):
    job = wiring.ports().jobs.get(asked(crowd))
    assert job
    bodies = messages()
    other = replace(job, id=f"{job.id}b", of=7)
    wiring.ports().jobs.begin(other, wiring.ports().jobs.question(job.id))
    assert all(map(deliver, bodies))
    assert [other] == wiring.ports().jobs.open()


def test_backfills_are_among_the_jobs_and_end_by_themselves(crowd):
    crowd.queued()
    crowd.clock.shift(1)
    job = asked(crowd)
    crowd.clock.shift(1)
    crowd.save(CALM)
    first, *others = crowd.queued()
    crowd.go_on(first)
    (backfill, question, older) = crowd.ask("GET", "/api/jobs")["jobs"]
    assert ("backfill-2", "backfill", "running") == (backfill["id"], backfill["kind"], backfill["state"])
    assert (job, "cancelled") == (question["id"], older["state"])
    crowd.go_on(*others)
    crowd.run_backfills()
    told = shown(crowd, "backfill-2")
    assert ("done", "backfill for segments/calm version 1", 20) == (
        told["state"],
        told["subject"],
        told["progress"]["people"]["seen"],
    )
    assert [job] == [each["id"] for each in crowd.ask("GET", "/api/jobs", limit=1)["jobs"]]
    for method, path in (("DELETE", ""), ("POST", "/retry")):
        refused = crowd.ask(method, f"/api/jobs/backfill-2{path}", {}, status=400)
        assert "publish again" in refused["faults"][0]["message"]
    crowd.ask("GET", "/api/jobs/backfill-9", status=404)
