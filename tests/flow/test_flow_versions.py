"""A flow that is edited while runs are under way: nothing is sent twice in a run, and nothing is left out of one."""

from dataclasses import replace

import pytest

from tests.flow.test_publication_starts import DAY, HOUR, LATELY, START, Shop
from tests.notes import note

HEAD = "id: hello\nname: Hello\nstart: {event: Signed Up}\n"
STEPS = "steps:\n  - wait: 1 hour\n  - send: a\n  - wait: 1 day\n  - send: b\n"


@pytest.fixture
def shop() -> Shop:
    """A shop with a flow of two mails, and somebody who signed up."""
    found = Shop()
    for name in ("a", "b", "c"):
        found.publish_text("templates", name, note(name))
    found.publish_text("flows", "hello", HEAD + STEPS)
    found.happen(1, "Signed Up")
    found.to(START)
    return found


def edit(shop: Shop, steps: str, head: str = HEAD) -> None:
    shop.publish_text("flows", "hello", head + steps)


def sent(shop: Shop) -> list[str]:
    rows = [shop.ledger.get(profile, mail.cause) for profile in shop.ledger.rows for mail in shop.mails]
    return [row.template for row in rows if row]


def outcomes(shop: Shop) -> list[str | None]:
    return [run.outcome for rows in shop.runs.rows.values() for run in rows.values()]


CHECKED = 'steps:\n  - wait: 1 hour\n  - check: did "Signed Up"\n  - send: a\n  - wait: 1 day\n  - send: b\n'
SHORT = "steps:\n  - wait: 1 day\n  - send: b\n"
LONG = "steps:\n  - send: c\n  - wait: 1 hour\n  - send: a\n  - wait: 1 day\n  - send: b\n"


@pytest.mark.parametrize("move", ["", "move: true\n"], ids=["staying", "moving"])
@pytest.mark.parametrize("steps", [CHECKED, SHORT, LONG], ids=["a check", "fewer", "more"])
@pytest.mark.parametrize("at", [0, 2 * HOUR], ids=["before the first mail", "after the first mail"])
def test_an_edit_sends_nothing_twice_and_leaves_nothing_out(shop: Shop, steps: str, move: str, at: int) -> None:
    shop.to(START + at)
    edit(shop, move + steps)
    shop.to(START + 3 * DAY)
    moved_past_a = move and steps is SHORT and not at
    assert (["b"] if moved_past_a else ["a", "b"]) == sent(shop)
    assert ["completed"] == outcomes(shop)


def test_a_run_goes_on_under_the_version_that_it_began_under(shop: Shop) -> None:
    edit(shop, "steps:\n  - send: c\n")
    shop.happen(2, "Signed Up")
    shop.to(START + 3 * DAY)
    assert ["c", "a", "b"] == [mail.cause.rpartition("_")[2] for mail in shop.mails]


def test_a_run_moves_to_the_next_step_that_is_left_and_ends_if_there_is_none(shop: Shop) -> None:
    shop.to(START + 2 * HOUR)
    edit(shop, "move: true\nsteps:\n  - send: a\n")
    shop.to(START + 3 * DAY)
    assert ["a"] == sent(shop)
    assert ["completed"] == outcomes(shop)


def test_what_a_later_version_does_not_say_leaves_runs_where_the_last_move_put_them(shop: Shop) -> None:
    edit(shop, "move: true\nsteps:\n  - wait: 1 hour\n  - send: a\n  - send: c\n  - wait: 1 day\n  - send: b\n")
    edit(shop, "steps:\n  - send: b\n")
    shop.to(START + 3 * DAY)
    assert ["a", "c", "b"] == sent(shop)


def test_a_template_under_another_id_is_not_sent_again(shop: Shop) -> None:
    shop.to(START + 2 * HOUR)
    edit(shop, "move: true\nsteps:\n  - wait: 1 day\n  - send: a\n    id: other\n  - send: b\n    id: b\n")
    shop.to(START + 3 * DAY)
    assert ["a", "b"] == sent(shop)


@pytest.mark.parametrize(("reads", "expected"), [(0, []), (1, ["a"])])
def test_a_check_whose_events_nobody_keeps_any_more_is_answered_from_the_log(reads: int, expected: list[str]) -> None:
    shop = Shop()
    shop.publish_text("templates", "a", note("a"))
    steps = 'steps:\n  - wait: 1 hour\n  - check: did "Article Read" at least 1 times\n  - send: a\n'
    shop.publish_text("flows", "hello", HEAD + steps)
    shop.happen(1, "Signed Up")
    shop.settle()
    shop.publish_text("flows", "hello", HEAD + "steps:\n  - wait: 2 hours\n  - send: note\n")
    shop.reach(1)
    for _ in range(reads):
        shop.happen(1, "Article Read")
    shop.to(START + DAY)
    assert expected == sent(shop)


def test_the_goal_of_the_version_that_a_run_began_under_ends_it(shop: Shop) -> None:
    edit(shop, STEPS, HEAD + "goal: Order Completed\n")
    shop.happen(2, "Signed Up")
    shop.settle()
    edit(shop, STEPS, HEAD)
    shop.happen(1, "Order Completed", order_id="1")
    shop.happen(2, "Order Completed", order_id="2")
    shop.to(START + 3 * DAY)
    assert ["p1@x.org", "p1@x.org"] == shop.written_to()


def test_a_run_that_a_segment_began_goes_on_when_the_flow_starts_otherwise(shop: Shop) -> None:
    shop.publish_text("segments", "lately", LATELY.replace("1 hour", "9 days"))
    edit(shop, STEPS, "id: hello\nname: Hello\nstart: {segment: lately}\n")
    shop.happen(2, "Product Added")
    shop.settle()
    edit(shop, STEPS, HEAD)
    shop.reach(2)
    shop.to(START + 3 * DAY)
    assert ["p1@x.org", "p1@x.org", "p2@x.org", "p2@x.org"] == shop.written_to()


def test_a_run_of_before_versions_were_kept_goes_on_by_the_number_of_its_step(shop: Shop) -> None:
    for rows in shop.runs.rows.values():
        for name, run in rows.items():
            rows[name] = replace(run, step="1", flow_version=0)
    shop.now += 60
    edit(shop, CHECKED)
    shop.to(START + 3 * DAY)
    assert ["a", "b"] == sent(shop)


@pytest.mark.parametrize("stale", ["at the start", "at every step"])
def test_a_process_with_older_definitions_takes_a_run_on_under_its_newer_version(shop: Shop, stale: str) -> None:
    older = shop.ruleset
    edit(shop, "steps:\n  - wait: 1 hour\n  - send: c\n")
    shop.happen(2, "Signed Up")
    if stale == "at the start":
        shop.ruleset, newer = older, shop.ruleset
        shop.settle()
        shop.ruleset = newer
    else:
        shop.settle()
        shop.ruleset = older
    shop.to(START + 3 * DAY)
    theirs = [mail.cause.rpartition("_")[2] for mail in shop.mails if mail.to == "p2@x.org"]
    assert (["a", "b"] if stale == "at the start" else ["c"]) == theirs
