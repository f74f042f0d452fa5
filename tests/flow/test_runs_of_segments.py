"""Flows that a segment starts, when two profiles in it turn out to be one person."""

import pytest

from functions.core.base.events import Event
from functions.core.base.rfc3339 import text as written
from tests.flow.test_publication_starts import DAY, HOUR, LATELY, START, Shop

FLOW = "id: hello\nname: Hello\nstart: {{segment: lately, on: {on}}}\n{more}steps:\n  - wait: 2 hours\n  - send: note\n"
ANN, PHONE, ACCOUNT = "email:ann@x.org", "anonymous_id:phone", "user_id:1"


def opened(on: str = "enter", more: str = "", within: str = "9 hours") -> Shop:
    shop = Shop(FLOW.format(on=on, more=more), segments=(LATELY.replace("1 hour", within),))
    shop.to(START)
    return shop


def tell(shop: Shop, name: str, *names: str) -> None:
    sort = f"{written(shop.now).removesuffix('Z')}.000Z#{name}{shop.now}"
    shop.log.append([Event(name, shop.now, shop.now, names, sort, "test")])
    shop.settle()


def outcomes(shop: Shop) -> list[str]:
    return sorted(str(run.outcome) for rows in shop.runs.rows.values() for run in rows.values())


@pytest.mark.parametrize("more", ["", "reentry: once\n"])
def test_one_stay_of_two_profiles_is_written_about_once(more: str) -> None:
    shop = opened(more=more)
    tell(shop, "Product Added", ANN, PHONE)
    shop.to(START + HOUR)
    tell(shop, "Product Added", ACCOUNT, "email:ann@work.org")
    tell(shop, "Identified", ACCOUNT, PHONE)
    shop.to(START + DAY)
    assert [START + 2 * HOUR] == [mail.at for mail in shop.mails]
    assert ["completed", "joined the run that began earlier"] == outcomes(shop)


def test_whoever_leaves_by_one_name_while_they_are_in_by_another_leaves_once() -> None:
    shop = opened(on="leave", within="1 hour")
    tell(shop, "Product Added", ANN, PHONE)
    shop.to(START + HOUR - 60)
    tell(shop, "Product Added", ACCOUNT, "email:ann@work.org")
    shop.to(START + 2 * HOUR)
    tell(shop, "Identified", ACCOUNT, PHONE)
    shop.to(START + DAY)
    assert 1 == len(shop.mails)


def test_a_second_stay_is_written_about_by_its_own_run_alone() -> None:
    shop = opened(within="1 hour")
    tell(shop, "Product Added", ANN)
    shop.to(START + HOUR + 1800)
    tell(shop, "Product Added", ANN)
    shop.to(START + HOUR + 3000)
    tell(shop, "Product Added", ANN)
    shop.to(START + 3 * HOUR)
    tell(shop, "Product Added", ANN)
    shop.to(START + DAY)
    assert ["left lately", "left lately", "left lately"] == outcomes(shop)
    shop = opened(within="9 hours")
    tell(shop, "Product Added", ANN)
    shop.to(START + DAY)
    assert [START + 2 * HOUR] == [mail.at for mail in shop.mails]


def test_a_visit_that_could_not_be_written_to_does_not_use_up_the_only_time() -> None:
    shop = opened(more="reentry: once\n")
    tell(shop, "Product Added", PHONE)
    shop.to(START + 3 * HOUR)
    tell(shop, "Product Added", ANN)
    tell(shop, "Identified", ANN, PHONE)
    shop.to(START + DAY)
    assert [START + 5 * HOUR] == [mail.at for mail in shop.mails]
    assert ["completed", "nobody to write to"] == outcomes(shop)
