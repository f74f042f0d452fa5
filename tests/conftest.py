"""For all tests: random examples that are the same in every run."""

from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.unit.strategies.values import NIGHTLY, at_most

# Of tests that say nothing else; a hundred is what Hypothesis tries by itself.
settings.register_profile("segue", at_most(100))
settings.load_profile("segue")


def pytest_configure() -> None:
    """Keep Hypothesis from drawing numbers and texts that stand in loaded modules, but in `make nightly`.

    Which modules are loaded depends on the tests that ran before in the same process, so the examples of one test
    differed from run to run, and a change could be refused for a fault that was there before it.
    """
    if not NIGHTLY:
        providers._get_local_constants = lambda: providers._local_constants
