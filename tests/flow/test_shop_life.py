"""Whatever people do and the marketer tries, everybody gets the e-mails that are right, on the second, and no other."""

from hypothesis import example, given
from hypothesis import strategies as st

from tests.flow.life_oracle import Note, Oracle
from tests.flow.shop_life import ADDRESSES, DAY, HOUR, MINUTE, OWNERS, VARIANTS, WHO, Shop
from tests.unit.strategies import one, thorough

people, numbers = st.sampled_from(WHO), st.integers(0, 9)
spans = st.sampled_from([0, 1, 20 * MINUTE, HOUR - 1, HOUR, 90 * MINUTE, 23 * HOUR, DAY, DAY + HOUR])


def step(name, *arguments):
    return st.tuples(st.just(name), *arguments)


steps = one(
    (
        *(4 * (step("wait", spans),)),
        *(3 * (step("add", people),)),
        step("remove", people),
        *(2 * (step("buy", people),)),
        step("pay_at_the_till", people),
        step("cancel", numbers),
        step("say", st.sampled_from(sorted(ADDRESSES)), st.booleans()),
        step("sign_up", people),
        *(2 * (step("log_in", st.sampled_from(sorted(OWNERS))),)),
        step("repeat", numbers),
        step("edit", st.sampled_from(VARIANTS)),
        step("turn", st.sampled_from(["active", "active", "paused", "draining"])),
        step("publish_something_else", st.integers(1, 9)),
        step("bring_up_to_date"),
    )
)


# A flow that is draining began a cart anew that had been emptied.
EMPTIED_WHILE_DRAINING = [
    ("add", "phone"),
    ("turn", "draining"),
    ("wait", HOUR - 1),
    ("remove", "phone"),
    ("wait", 1),
    ("add", "phone"),
]
# A cart of the second in which the flow was resumed was never written about, even when it went on.
RESUMED_IN_ITS_SECOND = [("turn", "paused"), ("add", "phone"), ("turn", "active"), ("wait", HOUR - 1), ("add", "phone")]


@thorough
@example(EMPTIED_WHILE_DRAINING)
@example(RESUMED_IN_ITS_SECOND)
@given(st.lists(steps, min_size=4, max_size=25))
def test_everybody_gets_the_mails_that_are_right_and_no_other(life):
    shop = Shop()
    for name, *arguments in life:
        getattr(shop, name)(*arguments)
    shop.turn("active")
    shop.wait(3 * DAY)
    oracle = Oracle()
    expected = oracle.tell(shop.facts, shop.now)
    sent = sorted(Note(mail.at, *mail.text.partition(".")[0].split(" about ")) for mail in shop.mails)
    assert clear(expected, oracle) == clear(sent, oracle)


def clear(notes, oracle):
    """The notes of which the rules say whether they go out."""
    return [note for note in notes if note.about not in oracle.doubtful]


def test_the_oracle_sees_what_is_obvious():
    shop = Shop()
    begin = shop.now
    shop.add("ann")
    shop.add("ben")
    shop.wait(HOUR // 2)
    shop.pay_at_the_till("ben")
    shop.wait(3 * DAY)
    expected = [
        Note(begin + HOUR // 2, "news", "order-0"),
        Note(begin + HOUR, "first", "cart-ann"),
        Note(begin + HOUR + HOUR // 2, "receipt", "order-0"),
        Note(begin + 25 * HOUR, "second", "cart-ann"),
    ]
    assert expected == Oracle().tell(shop.facts, shop.now)
