"""The command line tells everything of many files, though one answer of the host does not carry it."""

import json
from unittest.mock import patch

import pytest

from cli.__main__ import main
from functions.core.answers import pages
from tests.console import BUYERS

MANY = 6
UNHEARD = " or ".join(f'did "Unheard {letter}"' for letter in "abcdefgh")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "segments").mkdir()
    for number in range(MANY):
        text = BUYERS.replace("buyers", f"s{number}")
        (tmp_path / f"segments/s{number}.yaml").write_text(text)
    with patch.object(pages, "LARGEST_ANSWER", 900):
        yield tmp_path


def test_the_impact_of_many_files_is_read_page_by_page(world, url, folder, capsys):
    assert main(["impact", str(folder), "--json"]) == 0
    assert [f"segments/s{number}" for number in range(MANY)] == sorted(json.loads(capsys.readouterr().out))


def test_push_says_of_every_file_what_would_come_of_it(world, url, folder, capsys):
    assert main(["push", str(folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert all(f"segments/s{number}: 0 would enter" in told for number in range(MANY))
    assert "more warnings" not in told


def test_push_says_how_many_warnings_the_host_left_out(world, url, folder, capsys):
    for file in (folder / "segments").iterdir():
        file.write_text(file.read_text().replace('did "Order Completed" within 30 days', UNHEARD))
    assert main(["push", str(folder), "--dry-run", "--no-impact"]) == 0
    told = capsys.readouterr().out
    shown = told.count("warning: ")
    assert 0 < shown < MANY * 8
    assert f"{MANY * 8 - shown} more warnings: check fewer files at once to see them" in told
