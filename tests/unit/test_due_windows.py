"""The windows of ticks: whatever minutes they come late, twice or never, every row is queued, and none without end."""

from collections.abc import Iterable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from functions.core.flows.due_windows import AGES, LOOKAHEAD, MINUTE, SOON, Progress, Window, reached, windows

START = 1_900_000_020
HOUR, DAY = 3600, 86_400

# Seconds between two ticks: late and early within the minute, twice at once, missed, away for long.
GAPS = st.one_of(st.integers(0, 119), st.just(0), st.integers(120, 600), st.integers(600, 2 * DAY))


def ticked(instants: Iterable[int], begun: Progress | None = None) -> Iterator[tuple[int, Window]]:
    """What ticks at these instants read, with the instant; the first of all has caught up already."""
    progress = begun or Progress((START + LOOKAHEAD, *(START - age for age in AGES)))
    for now in instants:
        for window in windows(progress, now):
            yield now, window
            progress = reached(progress, window, now, 1)


def after(gaps: Iterable[int], at: int = START) -> list[int]:
    """The instants of ticks with these gaps between them."""
    instants = []
    for gap in gaps:
        at += gap
        instants.append(at)
    return instants


def minutes(count: int, at: int = START) -> list[int]:
    """So many ticks, each on its minute."""
    return after([MINUTE] * count, at)


@given(st.lists(GAPS, max_size=40), st.integers(0, 5 * DAY))
def test_each_instant_is_read_once_as_it_comes_and_at_most_once_at_each_age(gaps: list[int], offset: int) -> None:
    due, instants = START + LOOKAHEAD + offset, after(gaps)
    read = [window.kind for _, window in ticked(instants) if window.since <= due < window.until]
    assert sorted(set(read)) == sorted(read)
    has_come_near = any(now + LOOKAHEAD > due for now in instants)
    assert has_come_near == (0 in read)
    assert has_come_near or not read


@given(st.lists(GAPS, min_size=1, max_size=40), st.integers(0, DAY), st.integers(SOON + 1, 3 * DAY))
def test_a_row_that_its_writer_did_not_queue_is_queued_by_the_first_tick_that_it_is_near(
    gaps: list[int], written: int, ahead: int
) -> None:
    """Whenever it is written: no window has passed over its instant by then."""
    written, instants = START + written, after(gaps)
    due = written + ahead
    read = [now for now, window in ticked(instants) if window.kind == 0 and window.since <= due < window.until]
    assert [now for now in instants if now + LOOKAHEAD > due][:1] == read
    assert all(now >= written for now in read)


@given(st.lists(GAPS, max_size=20), st.integers(0, DAY))
def test_a_row_that_no_tick_could_see_when_it_came_near_is_swept(gaps: list[int], offset: int) -> None:
    """Its writer died before queueing it, or its message was given up."""
    due, instants = START + offset, after(gaps)
    last = max([due, *instants])
    instants += minutes(2 * AGES[0] // MINUTE, last)
    reads = [now for now, window in ticked(instants) if window.kind and window.since <= due < window.until]
    assert any(now >= due + AGES[0] for now in reads)


def test_a_row_that_nobody_can_process_is_read_at_every_age_and_then_no_more() -> None:
    due = START + HOUR
    last = due + 2 * AGES[-1]
    reads = [
        (now, window.kind)
        for now, window in ticked(minutes((last - START) // MINUTE))
        if window.since <= due < window.until
    ]
    assert [0, *range(1, len(AGES) + 1)] == [kind for _, kind in reads]
    for now, kind in reads[1:]:
        assert 0 <= now - due - AGES[kind - 1] <= AGES[kind - 1] // 2 + MINUTE


def test_ticks_on_their_minute_read_a_minute_each_and_sweep_seldom() -> None:
    read = list(ticked(minutes(600)))
    coming = [window for _, window in read if window.kind == 0]
    assert {MINUTE} == {window.until - window.since for window in coming}
    assert len(coming) == 600
    assert len(read) - 600 <= 600 * 2 * MINUTE * sum(1 / age for age in AGES) + len(AGES)


def test_one_missed_tick_leaves_what_is_due_in_time() -> None:
    """The next one comes two minutes after the last, and nothing between is due yet that was not queued."""
    instants = minutes(3) + minutes(3, START + 4 * MINUTE)
    assert all(window.since >= now for now, window in ticked(instants) if window.kind == 0)


def test_what_a_tick_catches_up_with_is_not_swept_before_it_has_had_its_time() -> None:
    """It was queued a moment ago, however long it has been due."""
    back = START + DAY
    sweeps = [now for now, window in ticked([START, back, *minutes(60, back)]) if window.kind]
    assert back + AGES[0] <= min(sweeps)
    dues = range(START, back, HOUR)
    for due in dues:
        kinds = [
            window.kind for _, window in ticked([START, back, *minutes(60, back)]) if window.since <= due < window.until
        ]
        assert len({*kinds}) == len(kinds) <= 4


@given(st.integers(-2 * DAY, 2 * 365 * DAY), st.integers(0, 20 * MINUTE))
def test_a_clock_that_was_wrong_once_leaves_nothing_behind(skew: int, offset: int) -> None:
    wrong = START + 10 * MINUTE
    instants = [*minutes(9), wrong + skew, *minutes(60, wrong)]
    due = wrong + LOOKAHEAD + offset
    right = [
        now
        for now, window in ticked(instants)
        if now != wrong + skew and window.since <= due < window.until and now <= due + AGES[0] * 3 // 2 + MINUTE
    ]
    assert right


def test_the_first_tick_of_all_reads_everything_and_sweeps_nothing() -> None:
    assert [(START, Window(0, 0, START + LOOKAHEAD))] == list(ticked([START], Progress()))


def test_a_release_with_more_ages_reads_the_progress_of_one_with_fewer() -> None:
    begun = Progress((START + 90,), resumed=START - 4 * DAY, shards=4, version=7)
    assert Window(0, START + 90, START + LOOKAHEAD) == windows(begun, START)[0]
    after_all = reached(begun, Window(0, START + 90, START + LOOKAHEAD), START, 64)
    assert (len(AGES) + 1, 64, 7) == (len(after_all.ends), after_all.shards, after_all.version)
    assert 70 == reached(begun._replace(shards=70), Window(0, 0, 1), START, 64).shards
