"""Whoever turns out to be whom, in whatever order, each entry of a flow leads to each of its mails once.

Random people sign up by devices, accounts and addresses that they share; they are identified, merged and divided late,
in any order, between the look and the claim of a mail, and while nothing is folded. Who is one person, and which
entries the rule counts as one, is told from what could be known when each mail went out: all that was folded, and what
was said meanwhile under the names of whoever got it. Who says under another name that they are the same person is
known once that is folded.
"""

from hypothesis import given
from hypothesis import strategies as st

from tests.flow.runs_shop import HOUR, PERIOD, RULES, lived
from tests.unit.strategies import one, thorough

DEVICES = st.sampled_from(["anonymous_id:phone", "anonymous_id:tablet"])
ACCOUNTS = st.sampled_from(["user_id:1", "user_id:2"])
ADDRESSES = st.sampled_from(["email:ann@x.org", "email:ben@x.org"])
some = st.one_of(
    st.tuples(DEVICES),
    st.tuples(ACCOUNTS),
    st.tuples(ADDRESSES),
    st.tuples(ADDRESSES, DEVICES),
    st.tuples(ACCOUNTS, ADDRESSES),
)
links = st.one_of(
    st.tuples(ACCOUNTS, DEVICES),
    st.tuples(ADDRESSES, DEVICES),
    st.tuples(ACCOUNTS, ADDRESSES),
    st.tuples(ACCOUNTS, ADDRESSES, DEVICES),
)
lags = st.sampled_from([0, 0, 0, 1, 40, 20 * 60])
spans = st.sampled_from([1, 30, 10 * 60, HOUR - 1, HOUR, 2 * HOUR, 2 * HOUR, 7 * HOUR, PERIOD])


def step(name: str, *arguments: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(st.just(name), *arguments)


steps = one(
    (
        *(4 * (step("sign_up", some, lags, st.sampled_from(["c1", "c2", ""])),)),
        *(3 * (step("identify", links, lags),)),
        *(4 * (step("wait", spans),)),
        step("stall", spans),
        *(2 * (step("identify_before_a_claim", links),)),
    )
)


@thorough
@given(st.sampled_from(sorted(RULES)), st.lists(steps, min_size=3, max_size=14))
def test_each_entry_leads_to_each_mail_once(rule: str, told: list[tuple]) -> None:
    shop = lived(rule, told)
    shop.nothing_is_sent_twice()
    shop.nobody_is_passed_over()
