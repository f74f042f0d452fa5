"""Whoever was erased is named by no job any more, whichever had found them, and jobs end when their time is over."""

from functions.core.base.identity import profile_id
from functions.core.base.tasks.erasures import EraseShop
from functions.core.jobs.records import KEPT
from functions.usecases.erase import erase_people, erase_shop
from functions.usecases.erased_people import LATE
from tests.console import BUYERS, order
from tests.unit.jobs_world import PEOPLE, asked, crowd, deliver, messages, result, run

__all__ = ["crowd"]

GONE, *OTHERS = PEOPLE
ID = profile_id(GONE)
PATH = "/api/segments/buyers/members"


def pages(world, page, limit):
    named = list(page["members"])
    while page["next"]:
        page = world.ask("GET", PATH, limit=limit, next=page["next"])
        named += page["members"]
    return named


def test_a_job_that_had_found_somebody_names_them_on_no_page_after_their_erasure(crowd):
    job = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    run()
    assert ID in pages(crowd, result(crowd, job), 7)
    erase_people(crowd.context(), [GONE])
    named = pages(crowd, result(crowd, job), 7)
    assert sorted(map(profile_id, OTHERS)) == sorted(named)
    assert 20 == result(crowd, job)["count"]


def test_a_sample_and_an_impact_name_nobody_who_was_erased(crowd):
    preview = asked(crowd)
    nobody = BUYERS.replace("Order Completed", "Nothing")
    impact = crowd.ask("POST", "/api/segments/buyers/impact", nobody, status=202, content="application/yaml")["job"]
    texts = {"definitions": [{"kind": "segments", "id": "buyers", "text": nobody}]}
    together = crowd.ask("POST", "/api/definitions/impact", texts, status=202)["job"]
    run()
    named = [result(crowd, preview)["sample"], result(crowd, impact)["leaving"]]
    named.append(result(crowd, together)["segments"][0]["leaving"])
    assert all(ID in each for each in named)
    erase_people(crowd.context(), [GONE])
    named = [result(crowd, preview)["sample"], result(crowd, impact)["leaving"]]
    named.append(result(crowd, together)["segments"][0]["leaving"])
    assert not any(ID in each for each in named)


def test_a_job_that_is_under_way_while_somebody_is_erased_does_not_name_them(crowd):
    job = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    first, *others = messages()
    assert deliver(first)
    erase_people(crowd.context(), [GONE])
    assert all(map(deliver, others))
    assert ID not in pages(crowd, result(crowd, job), 7)


def test_whoever_comes_back_is_named_by_jobs_that_are_asked_for_later_and_by_no_earlier_one(crowd):
    before = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    run()
    erase_people(crowd.context(), [GONE])
    crowd.clock.shift(LATE + 1)
    crowd.tell(order(GONE, at=crowd.now(), number=7))
    after = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    run()
    assert before != after
    assert ID in pages(crowd, result(crowd, after), 7)
    assert ID not in pages(crowd, result(crowd, before), 7)


def test_after_the_erasure_of_the_shop_no_job_names_anybody(crowd):
    job = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    run()
    erase_shop(crowd.context(), EraseShop("shop"), lambda: False)
    assert [] == pages(crowd, result(crowd, job), 7)


def test_a_job_and_the_places_in_it_are_gone_when_its_time_is_over(crowd):
    job = crowd.ask("GET", PATH, limit=7, status=202)["job"]
    run()
    place = result(crowd, job)["next"]
    crowd.clock.shift(KEPT - 1)
    crowd.ask("GET", PATH, limit=7, next=place)
    crowd.clock.shift(1)
    crowd.ask("GET", f"/api/jobs/{job}", status=404)
    crowd.ask("GET", PATH, limit=7, next=place, status=400)
