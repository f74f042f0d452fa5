"""What stops transactional mail, which a no to marketing does not."""

import pytest

from tests.flow.told_shop import ANN, HOUR, START, ToldShop


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("suppression", ["bounce", "complaint"])
def test_no_mail_of_any_kind_goes_to_an_address_that_bounced_or_complained(suppression: str, folded: bool) -> None:
    shop = ToldShop(kind="transactional")
    shop.tell("Signed Up", ANN)
    shop.stalled = not folded
    shop.tell("Mail Feedback", ANN, suppression=suppression)
    shop.to(START + 2 * HOUR)
    assert ([], ["suppressed"]) == (shop.mails, shop.held())


def test_another_address_of_the_person_that_did_not_bounce_gets_transactional_mail() -> None:
    shop = ToldShop(kind="transactional")
    shop.tell("Signed Up", ANN, "user_id:7", traits={"email": "ann@x.org"})
    shop.tell("Identified", "email:ann@old.org", "user_id:7")
    shop.tell("Mail Feedback", "email:ann@old.org", suppression="bounce")
    shop.to(START + 2 * HOUR)
    assert ["ann@x.org"] == [mail.to for mail in shop.mails]


def test_neither_a_no_to_marketing_nor_the_daily_cap_stops_transactional_mail() -> None:
    shop = ToldShop(kind="transactional", MESSAGES_PER_DAY="1")
    shop.tell("Signed Up", ANN, consent="unsubscribed")
    shop.to(START + 2 * HOUR)
    shop.tell("Signed Up", ANN)
    shop.to(START + 4 * HOUR)
    assert [START + HOUR, START + 3 * HOUR] == [mail.at for mail in shop.mails]
