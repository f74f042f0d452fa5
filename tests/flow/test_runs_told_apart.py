"""Runs of people who turn out to be one, told one by one."""

from tests.flow.runs_shop import HOUR, ONCE, Life, lived


def test_a_device_and_an_account_that_turn_out_to_be_one_are_welcomed_once() -> None:
    shop = lived(
        ONCE,
        [
            ("sign_up", ("email:ann@x.org", "anonymous_id:phone"), 0, ""),
            ("wait", 600),
            ("sign_up", ("user_id:1", "email:ben@x.org"), 0, ""),
            ("wait", 60),
            ("identify", ("user_id:1", "anonymous_id:phone"), 0),
        ],
    )
    assert ["first", "second"] == [mail.template for mail in shop.sent]
    outcomes = sorted(str(run.outcome) for rows in shop.runs.rows.values() for run in rows.values())
    assert ["completed", "joined the run that began earlier"] == outcomes


PHONE = ("anonymous_id:phone",)


def test_whoever_sees_a_merge_that_another_run_cannot_see_sends_nothing_before_it_is_folded() -> None:
    shop = lived(
        ONCE,
        [
            ("sign_up", PHONE, 0, ""),
            ("sign_up", ("user_id:1",), 0, ""),
            ("wait", HOUR + 60),
            # Both are due at once, and each has an address.
            ("identify", ("user_id:1", "email:ann@x.org"), 0),
            ("identify", ("email:ben@x.org", *PHONE), 0),
            # The run of user 1 is about to be sent; what joins the two lies under ben's name.
            ("identify_before_a_claim", ("user_id:1", "email:ben@x.org")),
        ],
    )
    assert ["first", "second"] == [mail.template for mail in shop.sent]


def test_a_merge_that_is_never_folded_holds_back_mails_for_half_a_day() -> None:
    life = Life(ONCE)
    life.sign_up(("email:ben@x.org", *PHONE), 0, "")
    life.identify(("user_id:1", "email:ann@x.org"), 0)
    life.wait(60)
    life.identify(("user_id:1", "email:ben@x.org"), 0)
    life.shop.log.stream.clear()
    life.wait(11 * HOUR)
    assert [] == life.shop.sent
    life.wait(8 * HOUR)
    assert ["first", "second"] == [mail.template for mail in life.shop.sent]


def test_an_account_that_is_given_an_address_of_another_while_its_mail_is_claimed_is_welcomed_once() -> None:
    lived(
        ONCE,
        [
            ("sign_up", ("user_id:1",), 0, "c1"),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("stall", 3599),
            ("identify", ("user_id:2", "anonymous_id:phone"), 0),
            ("sign_up", ("email:ben@x.org", "anonymous_id:phone"), 0, "c1"),
            ("identify_before_a_claim", ("user_id:2", "email:ann@x.org")),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("sign_up", ("user_id:1", "email:ann@x.org"), 0, "c1"),
        ],
    ).nothing_is_sent_twice()
