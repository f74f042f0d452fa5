"""Law 6 over whole lives: batches, late and repeated; waits, wakes and wrong clocks; merges, partings and edits."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.lifecycle_model import Lives
from tests.unit.strategies import aliases, answers, happenings, one, segments, thorough

HOUR, DAY = 3600, 86_400

numbers = st.integers(0, 3)
parts = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
lags = one((st.integers(-2, 5), st.integers(0, 45), st.sampled_from([0, 2 * HOUR, DAY, 3 * DAY, 12 * DAY])))
# New events, and numbers of those that came before.
batches = st.lists(st.tuples(happenings, lags, answers, aliases) | st.integers(0, 50), min_size=1, max_size=4)
long = st.sampled_from([5400, 3 * HOUR, DAY - 60, 2 * DAY, 9 * DAY])
spans = st.integers(0, 45) | long
pauses = one((st.just(0), st.integers(0, 12), st.integers(5, 45), long))
# By how much the clock of a machine is behind the others.
behind = st.sampled_from([0, 0, 0, 1, 5])
names = st.sets(st.sampled_from(["s0", "s1", "s2", "s3"]))
active = one((st.just({"s0", "s1", "s2", "s3"}), st.just({"s0", "s1", "s2", "s3"}), names))


def step(name, *arguments):
    """What happens, after a pause."""
    return st.tuples(pauses, st.just(name), *arguments)


tell = step("tell", parts, batches, behind)
steps = one(
    (
        *(4 * (tell,)),
        *(2 * (step("wait_for_an_answer_to_end", numbers, numbers, st.integers(-1, 1), behind),)),
        *(2 * (step("merge", numbers, numbers, behind), step("part", numbers, numbers, behind))),
        *(2 * (step("edit", segments, names, names, active),)),
        step("tell_by_older_definitions", parts, batches, behind),
        step("look_at", numbers, behind),
        step("ask", numbers, spans),
        step("bring_everybody_up_to_date", behind),
    )
)


@thorough
@given(segments, active, tell, st.lists(steps, min_size=8, max_size=14))
def test_whatever_happens_in_whatever_order_everybody_is_where_the_scan_says(nodes, active, first, then):
    lives = Lives(nodes, active)
    for pause, name, *arguments in (first, *then):
        lives.now += pause
        getattr(lives, name)(*arguments)
