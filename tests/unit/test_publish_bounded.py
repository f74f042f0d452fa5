"""What a publication costs is bounded by counting, and ends before its answer is due: else nothing is stored."""

import json
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest

from functions.core.base import spelling
from functions.core.base.errors import DefinitionRefused, Oversize
from functions.core.base.limits import MOST_FAULTS
from functions.core.definitions.vocabulary import known
from functions.core.definitions.vocabulary.known import MOST_DOUBTS
from functions.core.definitions.vocabulary.mentions import Mention
from functions.core.definitions.vocabulary.seen import MOST
from functions.usecases import warn
from functions.usecases.publish import publish
from functions.usecases.publish_together import compare, publish_together
from tests.flow.in_memory_app import InMemoryApp

NOW = 1_795_000_000
BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed"\n'
LETTERS = str.maketrans("0123456789", "abcdefghij")


def word(kind, number, length=16):
    """One name of many, with no digits: those would make it look like an id."""
    return f"{kind}{str(number).zfill(length - len(kind)).translate(LETTERS)}"


@pytest.fixture
def shop():
    """A shop that remembers as many names as it can."""
    app = InMemoryApp(now=NOW)
    app.names.rows |= {sort: {word(sort[:9].replace(" ", ""), n) for n in range(MOST[sort])} for sort in MOST}
    app.names.rows["event properties"] = {f"{event}\tweight" for event in app.names.rows["events"]}
    return app


def segment(when):
    return "segments", {"name": "S", "when": when}


def where(names):
    return segment('did "A" where ' + " and ".join(f"{name} = 1" for name in names))


def flow(**parts):
    return "flows", {"name": "S", "start": {"event": "A"}, "steps": [{"wait": "1 hour"}], **parts}


BROWSED = [word("browserp"[:9], n) for n in range(MOST["browser properties"])]
CATEGORIES = 'did "A" where category in (' + ", ".join(f'"{word("x", n, 7)}"' for n in range(4_500)) + ")"
# The largest texts of their kinds that a publication takes, each of names that nobody knows.
LARGEST = {
    "events": segment(" or ".join(f'did "{word("x", n, 100)}"' for n in range(499))),
    "properties": where(word("x", n, 20) for n in range(2_200)),
    "properties of known events": segment(
        " or ".join(f'did "{word("events", n)}" where x{word("", n, 9)} = 1' for n in range(499))
    ),
    "one property again and again": where("weigth" for _ in range(4_000)),
    "properties that only browsers sent": where(BROWSED),
    "categories": segment(CATEGORIES),
    "rules of a score": (
        "scores",
        {"name": "S", "rules": [f'+1 when did "{word("x", n)}"' + f' or did "{word("y", n)}"' * 40 for n in range(50)]},
    ),
    "steps of a flow": flow(
        steps=[{"check": " or ".join(f'did "{word("x", 60 * n + each)}"' for each in range(40))} for n in range(50)]
    ),
    "tokens of a template": (
        "templates",
        {
            "name": "T",
            "kind": "transactional",
            "subject": "Hi",
            "body": "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
            "text": " ".join(f"{{{{ traits.{word('x', n, 6)} }}}}" for n in range(900)),
        },
    ),
}


@pytest.mark.parametrize(("kind", "body"), LARGEST.values(), ids=LARGEST)
def test_names_that_nobody_knows_are_looked_up_so_often_and_no_more(shop, kind, body):
    looked_up: Counter[str] = Counter()

    def counted(name, *more):
        looked_up[name] += 1
        return spelling.nearest(name, *more)

    with patch.object(known, "nearest", counted):
        saved = publish(shop.context, kind, "s", json.dumps(body), "ann")
        definitions, names = shop.definitions.current(), shop.names.all()
        warnings = warn.of_definition(saved, definitions, names, "EUR")
    # Once for the check, and once for what is told.
    assert looked_up.total() <= 2 * MOST_DOUBTS
    assert set(looked_up.values()) <= {2}
    assert len(warnings) <= MOST_FAULTS


def test_a_goal_of_names_that_there_are_not_is_refused_with_the_first_of_them(shop):
    kind, body = flow(goal=[word("x", n, 8) for n in range(3_000)])
    with pytest.raises(DefinitionRefused) as refused:
        publish(shop.context, kind, "s", json.dumps(body), "ann")
    assert MOST_FAULTS == len(refused.value.faults)


def test_a_complaint_about_a_property_of_many_events_names_the_first_of_them(shop):
    events = ", ".join(f'"{name}"' for name in sorted(shop.names.rows["events"])[:40])
    saved = publish(shop.context, "events", "many", f"name: Many\nany of: [{events}]\n", "ann")
    assert saved.version == 1
    vocabulary = known.vocabulary((), shop.names.all())
    asked = Mention("properties", "wieght", tuple(sorted(shop.names.rows["events"])[:40]))
    [complaint] = known.complaints([asked], vocabulary)
    assert " or 35 others came with" in complaint.message
    assert "weight" == complaint.suggestion


def hurried(shop, after):
    """The context of a request whose answer is due once it was asked so often whether it is."""
    asked = iter(range(after))
    return replace(shop.context, late=lambda: next(asked, None) is None)


def texts(many):
    return {("segments", f"s{n}"): BUYERS.replace("buyers", f"s{n}") for n in range(many)}


def test_nothing_is_stored_once_the_answer_is_due(shop):
    with pytest.raises(Oversize) as refused:
        publish(hurried(shop, 0), "segments", "buyers", BUYERS, "ann")
    assert "nothing was published" in refused.value.faults[0].message
    assert [] == shop.definitions.current()


@pytest.mark.parametrize("after", range(0, 10))
def test_of_several_none_is_stored_wherever_the_time_runs_out(shop, after):
    with pytest.raises(Oversize):
        publish_together(hurried(shop, after), texts(3), "ann")
    assert [] == shop.definitions.current()
    assert 3 == len(publish_together(hurried(shop, 10), texts(3), "ann"))


def test_a_check_of_several_ends_in_time_too(shop):
    with pytest.raises(Oversize):
        compare(hurried(shop, 8), texts(3))
    assert 3 == len(compare(hurried(shop, 9), texts(3)).changes)
