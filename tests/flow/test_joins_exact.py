"""Whatever is held back, everybody is as the log says that holds it back, in whatever order and how often it comes.

The random people of test_people_exact.py in a shop in which one address or account may join a person in a day, or two.
Which events come too late for their day depends on the order in which they come, so the log, in which it is written
down, is what people are compared with.
"""

from hypothesis import given
from hypothesis import strategies as st

from functions.settings import read
from functions.usecases import people
from tests.flow.in_memory_app import SETTINGS
from tests.flow.test_people_exact import Shop, announced, happen, lags, spans, step, steps
from tests.unit.reference import groups as reference
from tests.unit.strategies import answers, definitions, happenings, thorough

whose = st.sampled_from([("user_id:1",), ("user_id:1",), ("user_id:2",), ("shopify:3",), ("anonymous_id:phone",), ()])
addresses = st.sampled_from(["email:ann@x.org", "email:ben@x.org", "email:cem@x.org", "email:dee@x.org"])
crowd = step(
    "happen",
    st.lists(
        st.tuples(
            happenings, lags, st.tuples(whose, addresses).map(lambda two: (*two[0], two[1])), answers, st.just(False)
        ),
        min_size=2,
        max_size=5,
    ),
)


class StrictShop(Shop):
    """A shop that lets so many addresses and accounts join a person in a day."""

    def __init__(self, given, announced, bound):
        super().__init__(given, announced)
        self.app.settings = read({**SETTINGS, "JOINS_PER_DAY": str(bound)})

    def ask(self, at):
        self.events_as_told, self.events = self.events, self.app.log.events
        super().ask(at)
        self.events = self.events_as_told

    def ask_for_devices(self, everybody):
        """Names that nobody has any more, since what named them is held back, may lead anywhere."""
        for names, _ in everybody:
            found = people.by_identifier(self.app.context, reference.first(names))
            assert names == found.attributes.identifiers


busy = st.tuples(crowd, st.lists(st.one_of(crowd, crowd, happen, steps), min_size=4, max_size=10))


@thorough
@given(definitions, announced, busy, st.integers(1, 5), spans, st.integers(1, 2))
def test_everybody_is_as_the_log_says_that_holds_back(given, announced, then, size, ahead, bound):
    shop = StrictShop(given, announced, bound)
    first, others = then
    for name, *arguments in (first, *others):
        getattr(shop, name)(*arguments)
    shop.settle(size, ahead)
