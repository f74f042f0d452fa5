"""Law 6 over whole lives: batches, late and repeated; waits, wakes and wrong clocks; merges, partings and edits."""

from hypothesis import given
from hypothesis import strategies as st
from lives import Lives
from strategies import aliases, answers, happenings, one, segments, thorough

HOUR, DAY = 3600, 86_400

numbers = st.integers(0, 3)
lags = st.integers(-2, 45) | st.sampled_from([0, 2 * HOUR, DAY, 3 * DAY, 12 * DAY])
# New events, and numbers of those that came before.
batches = st.lists(st.tuples(happenings, lags, answers, aliases) | st.integers(0, 50), min_size=1, max_size=5)
spans = st.integers(0, 45) | st.sampled_from([5400, 3 * HOUR, DAY - 60, 2 * DAY, 9 * DAY])
# By how much the clock of a machine is behind the others.
behind = st.sampled_from([0, 0, 0, 1, 5])
names = st.sets(st.sampled_from(["s0", "s1", "s2", "s3"]))


def step(name, *arguments):
    return st.tuples(st.just(name), *arguments)


tell = step("tell", numbers, batches, behind)
steps = one(
    (
        *(4 * (tell,)),
        *(2 * (step("wait_for_an_answer_to_end", numbers, numbers, st.integers(-1, 1), behind),)),
        *(2 * (step("merge", numbers, numbers, behind), step("part", numbers, numbers, behind))),
        step("edit", segments, names, names, names),
        step("tell_by_older_definitions", numbers, batches, behind),
        step("wait", spans),
        step("look_at", numbers, behind),
        step("ask", numbers, spans),
        step("bring_everybody_up_to_date", behind),
    )
)


@thorough
@given(segments, names, tell, st.lists(steps, min_size=5, max_size=11))
def test_whatever_happens_in_whatever_order_everybody_is_where_the_scan_says(nodes, acted, first, then):
    lives = Lives(nodes, acted)
    for name, *arguments in (first, *then):
        getattr(lives, name)(*arguments)
