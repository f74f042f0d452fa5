"""Erasures: what waits to be confirmed, and who is erased."""

from functions.core.base.erased import Mark
from functions.core.base.shop_erasure import ShopErasure
from functions.core.ports import Ports

SHOP = "corner-shop.myshopify.com"


def test_the_first_delivery_of_a_request_says_when_its_term_began(ports: Ports) -> None:
    assert ports.erasures.shop(SHOP) is None
    ports.erasures.ask(SHOP, 1_000)
    ports.erasures.ask(SHOP, 2_000)
    assert ShopErasure(SHOP, 1_000) == ports.erasures.shop(SHOP)
    assert ports.erasures.shop("other.myshopify.com") is None


def test_a_confirmed_request_says_by_whom_and_gives_way_to_a_new_one(ports: Ports) -> None:
    ports.erasures.confirm(SHOP, 1_500, "ann")
    assert ports.erasures.shop(SHOP) is None
    ports.erasures.ask(SHOP, 1_000)
    ports.erasures.confirm(SHOP, 1_500, "ann")
    assert ShopErasure(SHOP, 1_000, 1_500, "ann") == ports.erasures.shop(SHOP)
    ports.erasures.ask(SHOP, 3_000)
    assert ShopErasure(SHOP, 3_000) == ports.erasures.shop(SHOP)


def marks(ports: Ports, *keys: str) -> dict[str, Mark]:
    """The marks of these keys, as they are read with people."""
    return dict(ports.people.load([], [], keys).marks)


def test_a_mark_is_read_together_with_people_and_the_latest_stays(ports: Ports) -> None:
    ports.erasures.mark([Mark("a" * 32, 2_000), Mark("b" * 32, 1_000)])
    ports.erasures.mark([Mark("a" * 32, 1_500)])
    assert {"a" * 32: Mark("a" * 32, 2_000)} == marks(ports, "a" * 32, "c" * 32, "a" * 32)
    ports.erasures.mark([Mark("a" * 32, 3_000)])
    assert 3_000 == marks(ports, "a" * 32)["a" * 32].at
    assert {} == marks(ports)


def test_a_repeated_erasure_does_not_forget_what_an_earlier_one_found_out(ports: Ports) -> None:
    ports.erasures.mark([Mark("a" * 32, 1_000, said_no=True, suppression="complaint")])
    ports.erasures.mark([Mark("a" * 32, 2_000)])
    assert {"a" * 32: Mark("a" * 32, 2_000, True, "complaint")} == marks(ports, "a" * 32)


def test_more_marks_than_one_read_takes_are_all_found(ports: Ports) -> None:
    keys = [f"{number:032x}" for number in range(103)]
    ports.erasures.mark([Mark(each, 1_000) for each in keys])
    assert keys == sorted(marks(ports, *keys))
