"""When a device was whose: what two profiles that become one know of it, in any order and with any overlap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.identity import within
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes

DEVICE, OTHER = "anonymous_id:z", "anonymous_id:y"
span = st.tuples(st.integers(0, 9), st.none() | st.integers(1, 6)).map(
    lambda pair: (pair[0], pair[1] and pair[0] + pair[1])
)
spans = st.lists(span, max_size=4).map(tuple)


def of(several, device=DEVICE):
    return ProfileAttributes("p", spans={device: tuple(several)})


@given(spans, spans)
def test_a_device_is_the_persons_when_it_was_either_profiles(ours, theirs):
    both = profile_attributes.merge(of(ours), of(theirs)).spans[DEVICE]
    for second in range(17):
        assert within(both, second) == (within(ours, second) or within(theirs, second)), second
    assert all(end is not None and end < begin for (_, end), (begin, _) in pairwise(both))


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ([(1, 3)], [(5, 8)], [(1, 3), (5, 8)]),
        ([(5, 8)], [(1, 3)], [(1, 3), (5, 8)]),
        ([(1, 3)], [(3, 8)], [(1, 8)]),
        ([(1, 9)], [(3, 4)], [(1, 9)]),
        ([(1, None)], [(3, 4)], [(1, None)]),
        ([(3, None)], [(1, 4)], [(1, None)]),
        ([(1, 2), (4, 5), (7, 8)], [], [(1, 2), (4, 5), (7, 8)]),
    ],
)
def test_spans_that_touch_or_overlap_become_one(ours, theirs, both):
    assert profile_attributes.merge(of(ours), of(theirs)).spans[DEVICE] == tuple(both)


def test_a_device_that_one_of_them_shared_stays_shared():
    merged = profile_attributes.merge(of([(1, 3)]), of([(5, 8)], OTHER))
    assert merged.spans == {DEVICE: ((1, 3),), OTHER: ((5, 8),)}
