"""What an installation costs while nothing happens, from the template itself, and as the guide says it."""

from pathlib import Path

import pytest

from cli import costs
from tests.infra.synthesis import Template

GUIDE = Path(__file__).parents[2] / "docs/deploying.md"


@pytest.fixture(scope="module")
def dollars(template: Template) -> dict[str, float]:
    return {line.what: line.dollars for line in costs.idle(template.body["Resources"])}


def test_each_schedule_alarm_secret_and_queue_is_counted(dollars: dict[str, float]) -> None:
    assert dollars.keys() == {
        "alarms",
        "secrets",
        "dashboard",
        "requests by which Lambda looks into queues",
        "rounds of tick",
        "read units by which it looks who is due",
        "rounds of refresh",
    }
    assert all(each > 0 for each in dollars.values())


def test_the_guide_says_what_a_month_costs_in_which_nothing_happens(dollars: dict[str, float]) -> None:
    text = " ".join(GUIDE.read_text().split())
    assert f"about {sum(dollars.values()):.0f} dollars in Ireland" in text
    for what, line in (
        ("alarms", "alarms"),
        ("secrets", "secrets"),
        ("the dashboard", "dashboard"),
        ("Lambda's looks into empty queues", "requests by which Lambda looks into queues"),
    ):
        assert f"{what} ({dollars[line]:.2f}" in text
