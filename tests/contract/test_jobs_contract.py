"""Jobs: recorded once with what they ask, each segment as far as the furthest who worked on it, ended once."""

from dataclasses import replace
from decimal import Decimal

from functions.core.jobs.records import Job, JobPage, JobPlace, JobSegment
from functions.core.ports import Ports

NOW = 1_795_000_000
MADE = Job("1795000000a", "members", "members of segment vip", "d1", "ann", NOW, NOW, 2, 30, "segments/vip", 3)
QUESTION = {"conditions": [{"vip": {"op": "did", "value": Decimal("1.50")}}], "names": ["vip"], "told": {}}
START = JobPlace()


def test_there_is_no_job_at_first(ports: Ports) -> None:
    assert [] == ports.jobs.open() == ports.jobs.ended(5)
    assert [] == ports.jobs.segments(MADE.id)
    assert (None, None, None) == (ports.jobs.get("1"), ports.jobs.question("1"), ports.jobs.answer("1"))
    assert JobSegment(1) == ports.jobs.segment("1", 1)
    assert [] == list(ports.jobs.found("1", START))


def test_a_job_is_open_with_its_question_until_it_ends_with_its_answer(ports: Ports) -> None:
    ports.jobs.begin(MADE, QUESTION)
    assert [MADE] == ports.jobs.open()
    assert MADE == ports.jobs.get(MADE.id)
    assert str(QUESTION) == str(ports.jobs.question(MADE.id))
    assert ports.jobs.answer(MADE.id) is None
    done = MADE.close("done", NOW + 9)
    ports.jobs.close(done, {"count": 2})
    assert ([], [done]) == (ports.jobs.open(), ports.jobs.ended(5))
    assert (done, {"count": 2}) == (ports.jobs.get(MADE.id), ports.jobs.answer(MADE.id))


def test_the_first_end_of_a_job_stays(ports: Ports) -> None:
    ports.jobs.begin(MADE, QUESTION)
    failed = MADE.close("failed", NOW + 5, "no luck")
    ports.jobs.close(failed)
    ports.jobs.close(MADE.close("done", NOW + 9), {"count": 2})
    assert failed == ports.jobs.get(MADE.id)
    assert [failed] == ports.jobs.ended(5)


def test_jobs_are_listed_by_when_they_were_asked_for(ports: Ports) -> None:
    several = [replace(MADE, id=f"179500000{second}a", asked=NOW + second) for second in (3, 1, 2)]
    for job in several:
        ports.jobs.begin(job, QUESTION)
    assert [1, 2, 3] == [job.asked - NOW for job in ports.jobs.open()]
    for job in several:
        ports.jobs.close(job.close("cancelled", NOW + 9))
    assert [3, 2] == [job.asked - NOW for job in ports.jobs.ended(2)]


def test_a_segment_is_as_far_as_it_was_recorded_and_lists_whom_each_page_found(ports: Ports) -> None:
    first = JobSegment(0).after(4, "there", NOW, [1, 0, ["a"]])
    assert first == ports.jobs.go_on(MADE, first, ["a"]) == ports.jobs.segment(MADE.id, 0)
    second = first.after(4, "on", NOW, [1, 0, ["a"]])
    assert second == ports.jobs.go_on(MADE, second)
    last = second.after(3, None, NOW + 1, [3, 0, ["a", "b", "c"]])
    assert last == ports.jobs.go_on(MADE, last, ["b", "c"])
    other = JobSegment(1).after(1, None, NOW, [1, 0, ["d"]])
    ports.jobs.go_on(MADE, other, ["d"])
    assert [last, other] == ports.jobs.segments(MADE.id)
    found = [JobPage(0, 1, ["a"]), JobPage(0, 3, ["b", "c"]), JobPage(1, 1, ["d"])]
    assert found == list(ports.jobs.found(MADE.id, START))
    assert found[1:] == list(ports.jobs.found(MADE.id, JobPlace(0, 2)))
    assert found[2:] == list(ports.jobs.found(MADE.id, JobPlace(1, 0)))


def test_whoever_is_behind_is_told_how_far_the_segment_is_and_changes_nothing(ports: Ports) -> None:
    first = JobSegment(0).after(4, "a", NOW, 1)
    second = first.after(4, "b", NOW, 2)
    ports.jobs.go_on(MADE, first, ["x"])
    ports.jobs.go_on(MADE, second, ["y"])
    assert second == ports.jobs.go_on(MADE, first, ["z"])
    assert second == ports.jobs.go_on(MADE, replace(second, tally=9), ["z"])
    assert ["x", "y"] == [who for page in ports.jobs.found(MADE.id, START) for who in page.people]


def test_one_has_a_segment_of_the_scan_until_it_is_given_back_or_its_time_is_over(ports: Ports) -> None:
    assert ports.jobs.lease(3, 8, NOW, NOW + 60)
    assert not ports.jobs.lease(3, 8, NOW + 59, NOW + 120)
    assert ports.jobs.lease(4, 8, NOW, NOW + 60)
    assert ports.jobs.lease(3, 16, NOW, NOW + 60)
    assert ports.jobs.lease(3, 8, NOW + 60, NOW + 120)
    ports.jobs.release(3, 8)
    assert ports.jobs.lease(3, 8, NOW + 61, NOW + 120)


def test_a_job_that_has_ended_is_open_again_and_ends_anew(ports: Ports) -> None:
    ports.jobs.begin(MADE, QUESTION)
    failed = MADE.close("failed", NOW + 5, "no luck")
    ports.jobs.close(failed)
    again = failed.reopen(NOW + 60)
    ports.jobs.reopen(again)
    assert ([again], [], again) == (ports.jobs.open(), ports.jobs.ended(5), ports.jobs.get(MADE.id))
    done = again.close("done", NOW + 90)
    ports.jobs.close(done, {"count": 2})
    assert ([], done) == (ports.jobs.open(), ports.jobs.get(MADE.id))


def test_whoever_was_erased_is_known_to_all_jobs_up_to_the_instant(ports: Ports) -> None:
    ports.jobs.erase(["a", "b", "a"], NOW)
    ports.jobs.erase(["a"], NOW)
    ports.jobs.erase(["c"], NOW + 1)
    assert {"a", "b", "c"} == ports.jobs.erased(NOW)
    assert {"c"} == ports.jobs.erased(NOW + 1)
    assert set() == ports.jobs.erased(NOW + 2)
