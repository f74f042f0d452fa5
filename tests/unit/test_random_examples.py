"""Random examples are the same in every run, whatever ran before in the same process; only nightly ones are new."""

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.unit.strategies.values import NIGHTLY


@pytest.mark.skipif(NIGHTLY, reason="nightly examples are new each time")
def test_no_example_is_made_of_what_stands_in_loaded_modules():
    assert settings().derandomize
    assert not providers._get_local_constants()
