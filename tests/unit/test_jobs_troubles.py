"""Jobs whose workers run out of time, die, fail or stand still: nothing is counted twice, and no job stays open."""

from itertools import count

import pytest

from functions.adapters.dynamodb.rows import jobs as rows
from functions.core.base.errors import Throttled
from functions.usecases import jobs as usecase
from functions.usecases.questions import Question
from functions.usecases.sweep import ATTEMPTS, LEASE, PUT_OFF
from tests.console import NOW, token
from tests.lambda_context import HURRIED
from tests.unit.jobs_world import asked, crowd, deliver, messages, result, run, shown

__all__ = ["crowd"]


def test_a_segment_that_runs_out_of_time_goes_on_where_it_stopped(crowd):
    job, rounds = asked(crowd), 0
    while bodies := messages():
        for body in bodies:
            assert deliver(body, lambda_context=HURRIED)
            rounds += 1
    assert rounds > 6
    told = shown(crowd, job)
    assert (20, 20) == (told["progress"]["people"]["seen"], told["result"]["count"])


def broken(monkeypatch, world, error, after=1):
    """Let reading the scan fail once, after so many pages."""
    pages, calls = type(world.ports.people).pages, count(1)

    def failing(people, *place, **part):
        if next(calls) == after + 1:
            raise error
        return pages(people, *place, **part)

    monkeypatch.setattr(type(world.ports.people), "pages", failing)


def test_an_outage_lets_the_message_come_again_and_nothing_is_lost(crowd, monkeypatch):
    job = asked(crowd)
    broken(monkeypatch, crowd, Throttled("scan profiles"))
    first, *others = messages()
    assert not deliver(first)
    assert shown(crowd, job)["progress"]["people"]["seen"] > 0
    assert all(map(deliver, [first, *others]))
    assert 20 == result(crowd, job)["count"]


def test_a_worker_that_dies_half_way_is_followed_once_its_time_is_over(crowd, monkeypatch):
    job = asked(crowd)
    broken(monkeypatch, crowd, KeyboardInterrupt())
    monkeypatch.setattr(type(crowd.ports.jobs), "release", lambda *_: None)
    first, *_ = bodies = messages()
    with pytest.raises(KeyboardInterrupt):
        deliver(first)
    monkeypatch.undo()
    # The message waits as long as the dead one might be alive, and loses nothing.
    assert deliver(first)
    assert [] == messages()
    crowd.clock.shift(PUT_OFF)
    assert [first] == messages()
    crowd.clock.shift(LEASE)
    assert all(map(deliver, bodies))
    assert (20, 20) == (result(crowd, job)["count"], shown(crowd, job)["progress"]["people"]["seen"])


def test_a_worker_that_dies_between_the_last_page_and_the_end_leaves_no_open_job(crowd, monkeypatch):
    job = asked(crowd)
    bodies = messages()
    with monkeypatch.context() as dying:
        dying.setattr("functions.usecases.sweep._finish", lambda *_: None)
        assert all(map(deliver, bodies))
    assert "running" == shown(crowd, job)["state"]
    assert deliver(bodies[0])
    assert 20 == result(crowd, job)["count"]


def test_a_fault_of_the_program_fails_the_job_that_it_is_about_and_no_other(crowd, monkeypatch):
    bad, good = asked(crowd, 'did "A"'), asked(crowd)
    whole = Question.count

    def failing(question, page, tally):
        if "A" in str(question.conditions):
            raise KeyError("what nobody expected")
        return whole(question, page, tally)

    monkeypatch.setattr(Question, "count", failing)
    run()
    told = shown(crowd, bad)
    assert "failed" == told["state"]
    assert "KeyError" in told["fault"]
    assert "nobody expected" not in told["fault"]
    assert 20 == result(crowd, good)["count"]


def test_the_last_attempt_of_a_message_fails_the_jobs_that_wait_for_it(crowd, monkeypatch):
    job = asked(crowd)
    broken(monkeypatch, crowd, Throttled("scan profiles"), after=0)
    first, *_ = messages()
    assert not deliver(first, attempt=ATTEMPTS)
    told = shown(crowd, job)
    assert ("failed", True) == (told["state"], "of 3 failed 5 times: Throttled" in told["fault"])
    assert deliver(first)


def test_a_job_that_moves_no_more_is_given_up_and_makes_room(crowd, monkeypatch):
    monkeypatch.setattr(usecase, "MOST_OPEN", 1)
    job = asked(crowd)
    assert deliver(messages()[0])
    crowd.clock.shift(usecase.STALLED - 1)
    crowd.ask("POST", "/api/preview", {"when": 'did "C"'}, status=429)
    crowd.clock.shift(1)
    asked(crowd, 'did "C"')
    told = shown(crowd, job)
    assert "failed" == told["state"]
    assert "has moved for three hours" in told["fault"]


def test_a_failed_job_is_taken_up_again_where_it_was(crowd, monkeypatch):
    job = asked(crowd)
    first, *others = messages()
    assert all(map(deliver, others))
    seen = shown(crowd, job)["progress"]["people"]["seen"]
    with monkeypatch.context() as outage:
        broken(outage, crowd, Throttled("scan profiles"), after=0)
        assert not deliver(first, attempt=ATTEMPTS)
    assert "failed" == shown(crowd, job)["state"]
    told = crowd.ask("POST", f"/api/jobs/{job}/retry", {})
    assert ("running", None, seen) == (told["state"], told["fault"], told["progress"]["people"]["seen"])
    run()
    told = shown(crowd, job)
    assert (20, 20) == (told["result"]["count"], told["progress"]["people"]["seen"])
    crowd.ask("POST", f"/api/jobs/{job}/retry", {}, status=400)
    crowd.ask("POST", "/api/jobs/none/retry", {}, status=404)
    crowd.ask("POST", f"/api/jobs/{job}/retry", {}, token=token("read"), status=403)


def test_a_job_whose_worker_was_killed_every_time_is_shown_as_failed_and_goes_on_when_it_is_retried(crowd):
    """Whoever is killed has no last words: its message lies in jobs-dead, and nothing of the job moves any more."""
    job = asked(crowd)
    first, *_ = messages()
    assert deliver(first)
    crowd.clock.shift(usecase.STALLED)
    told = shown(crowd, job)
    assert ("failed", True) == (told["state"], "alarms of the function jobs" in told["fault"])
    crowd.ask("POST", f"/api/jobs/{job}/retry", {})
    crowd.clock.shift(usecase.STALLED - 1)
    assert "running" == shown(crowd, job)["state"]
    run()
    assert 20 == result(crowd, job)["count"]


def test_a_retry_that_died_between_its_two_writes_is_repeated(crowd, monkeypatch):
    job = asked(crowd)
    first, *others = messages()
    broken(monkeypatch, crowd, Throttled("scan profiles"), after=0)
    assert not deliver(first, attempt=ATTEMPTS)
    monkeypatch.undo()
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 0)
    crowd.ports.jobs._calls.write(puts=[("jobs", rows.to_item(crowd.ports.jobs.get(job).reopen(NOW)))])
    assert "failed" == shown(crowd, job)["state"]
    crowd.ask("POST", f"/api/jobs/{job}/retry", {})
    assert all(map(deliver, [first, *others]))
    assert 20 == result(crowd, job)["count"]
