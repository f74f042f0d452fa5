"""docs/consent.md shows what follows from each pair of statements; run as a script, this file writes the table.

The table is held against the expected answers below, which were decided and not computed.
"""

from itertools import permutations
from pathlib import Path

import pytest

from functions.core.base.events import Consent, Event
from functions.core.base.trust import Trust
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from tests.unit.reference.people import consent_of

GUIDE = Path(__file__).parents[2] / "docs" / "consent.md"
BEGIN, END = "<!-- pairs: written from tests/unit/test_consent_pairs.py -->\n", "<!-- end of pairs -->"
ADDRESS = "email:ann@x.org"

# name -> (consent, trust, undated, source)
STATEMENTS: dict[str, tuple[Consent, Trust, bool, str]] = {
    "dated yes": ("subscribed", "signed", False, "shopify"),
    "yes with a user token": ("subscribed", "token", False, "segment"),
    "yes of the page": ("subscribed", "token", False, "preferences"),
    "confirmed yes": ("subscribed", "token", False, "confirmation"),
    "undated yes": ("subscribed", "signed", True, "shopify"),
    "public yes": ("subscribed", "public", False, "segment"),
    "pending": ("pending", "signed", False, "shopify"),
    "public pending": ("pending", "public", False, "segment"),
    "no": ("unsubscribed", "signed", False, "shopify"),
    "no with a user token": ("unsubscribed", "token", False, "segment"),
    "public no": ("unsubscribed", "public", False, "segment"),
    "no of one click": ("unsubscribed", "token", False, "preferences"),
}
YES = ("dated yes", "yes with a user token", "yes of the page", "confirmed yes")
PENDING = ("pending", "public pending")
NO = ("no", "no with a user token", "public no", "no of one click")


def expected(first, second):
    """The answer after both, from the sentences of the guide."""
    if second in NO or (first in NO and second not in YES):
        return "unsubscribed"
    if second in YES:
        return "subscribed"
    if second in PENDING or first in PENDING:
        return "pending"
    return "subscribed" if {first, second} & {*YES, "undated yes"} else "none"


def event(name, time):
    consent, trust, undated, source = STATEMENTS[name]
    return Event(
        "Consent Changed", time, time, (ADDRESS,), f"{time}", source, consent=consent, trust=trust, undated=undated
    )


@pytest.mark.parametrize("first", STATEMENTS)
@pytest.mark.parametrize("second", STATEMENTS)
def test_each_pair_of_statements_has_the_answer_of_the_guide(first, second):
    events = [event(first, 5), event(second, 6)]
    for arrived in permutations(events):
        answer = profile_attributes.consent(profile_attributes.apply(ProfileAttributes("p"), arrived))
        assert expected(first, second) == (answer or "none")
    assert expected(first, second) == (consent_of(events) or "none")


@pytest.mark.parametrize("first", STATEMENTS)
@pytest.mark.parametrize("second", STATEMENTS)
def test_of_two_statements_of_one_second_the_stricter_counts(first, second):
    ranks = ["none", "subscribed", "pending", "unsubscribed"]
    single = [expected("public yes", name) for name in (first, second)]
    both = profile_attributes.apply(ProfileAttributes("p"), [event(first, 5), event(second, 5)])
    assert max(single, key=ranks.index) == (profile_attributes.consent(both) or "none")


def written():
    head = f"| first, then | {' | '.join(STATEMENTS)} |\n|{' --- |' * (len(STATEMENTS) + 1)}\n"
    rows = (
        f"| **{first}** | {' | '.join(expected(first, second) for second in STATEMENTS)} |\n" for first in STATEMENTS
    )
    before, _, rest = GUIDE.read_text().partition(BEGIN)
    return before + BEGIN + "\n" + head + "".join(rows) + "\n" + END + rest.partition(END)[2]


def test_the_guide_shows_all_pairs():
    assert written() == GUIDE.read_text()


if __name__ == "__main__":
    GUIDE.write_text(written())
