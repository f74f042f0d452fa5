"""Decisions are records of one form; run as a script, this file writes their index in docs/decisions/README.md."""

import re
from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[2] / "docs/decisions"
INDEX = RECORDS / "README.md"
PAGES = sorted(RECORDS.glob("[0-9]*.md"))
BEGIN, END = "<!-- records: written from the files -->", "<!-- end of records -->"
FORM = re.compile(
    r"# (?P<number>\d{4})\. (?P<title>[^\n]+)\n\n"
    r"- Status: (?P<status>[^\n]+)\n- Date: (?P<date>\d{4}-\d\d-\d\d)\n\n"
    r"## Context\n\S.*?\n\n## Decision\n\S.*?\n\n## Consequences\n\S.*?\n\n## How to go back\n\S.*?\n",
    re.DOTALL,
)
STATUS = re.compile(
    r"(?:proposed|accepted(?:; supersedes (?P<old>LINK))?|superseded by (?P<new>LINK))".replace(
        "LINK", r"\[\d{4}\]\([\w-]+\.md\)"
    )
)


def record(page):
    return FORM.fullmatch(page.read_text())


def row(page):
    said = record(page)
    return f"| [{said['number']}]({page.name}) | {said['title']} | {said['status']} | {said['date']} |"


def written():
    before, _, rest = INDEX.read_text().partition(BEGIN)
    table = "\n".join(["| no. | decision | status | date |", "| --- | --- | --- | --- |", *map(row, PAGES)])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_record_says_context_decision_consequences_and_how_to_go_back(page):
    said = record(page)
    assert said, "the form is that of docs/decisions/README.md"
    assert STATUS.fullmatch(said["status"])
    assert page.name.startswith(f"{said['number']}-")


def test_no_two_records_have_one_number():
    assert list(range(1, len(PAGES) + 1)) == [int(page.name[:4]) for page in PAGES]


def test_a_superseded_record_and_its_successor_name_each_other():
    said = {page.name[:4]: STATUS.fullmatch(record(page)["status"]) for page in PAGES}
    superseded = {(number, match["new"][1:5]) for number, match in said.items() if match and match["new"]}
    supersedes = {(match["old"][1:5], number) for number, match in said.items() if match and match["old"]}
    assert superseded == supersedes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_files_that_a_record_in_force_names_are_there(page):
    if not record(page)["status"].startswith("accepted"):
        return
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)", page.read_text())
    assert [] == [path for path in named if not (RECORDS.parents[1] / path).exists()]


def test_the_index_lists_every_record():
    assert written() == INDEX.read_text()


if __name__ == "__main__":
    INDEX.write_text(written())
