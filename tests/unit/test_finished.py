"""A directory that several processes make at the same time is made whole, and never taken from under a reader."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from infra import finished


def fill(work: Path) -> None:
    (work / "part").mkdir()
    (work / "part" / "file").write_text("whole")


def test_several_that_make_the_same_directory_at_the_same_time_all_get_it_whole(tmp_path: Path) -> None:
    together = Barrier(8)

    def fill_together(work: Path) -> None:
        fill(work)
        together.wait(10)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: finished.directory(tmp_path, "d1", fill_together), range(8)))
    assert {tmp_path / "d1"} == set(made)
    assert "whole" == (tmp_path / "d1" / "part" / "file").read_text()
    assert [tmp_path / "d1"] == list(tmp_path.iterdir())


def test_whoever_reads_a_directory_keeps_it_while_another_one_is_made(tmp_path: Path) -> None:
    before = finished.directory(tmp_path, "d1", fill)
    finished.directory(tmp_path, "d2", fill)
    assert "whole" == (before / "part" / "file").read_text()


def test_a_directory_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    finished.directory(tmp_path, "d1", fill)
    assert tmp_path / "d1" == finished.directory(tmp_path, "d1", lambda _: pytest.fail("made again"))


def test_one_that_could_not_be_filled_leaves_nothing(tmp_path: Path) -> None:
    def fail(work: Path) -> None:
        fill(work)
        raise RuntimeError("no network")

    with pytest.raises(RuntimeError, match="no network"):
        finished.directory(tmp_path, "d1", fail)
    assert [] == list(tmp_path.iterdir())


def test_a_rename_that_fails_for_another_reason_is_told(tmp_path: Path) -> None:
    def vanish(work: Path) -> None:
        work.rmdir()

    with pytest.raises(FileNotFoundError):
        finished.directory(tmp_path, "d1", vanish)


def test_what_nobody_asked_for_in_a_week_is_deleted_and_what_was_asked_for_stays(tmp_path: Path) -> None:
    long_ago = time.time() - 8 * 86_400
    old, used = (finished.directory(tmp_path, name, fill) for name in ("d1", "d2"))
    for path in (old, used):
        os.utime(path, (long_ago, long_ago))
    finished.directory(tmp_path, "d2", fill)
    assert [used] == list(tmp_path.iterdir())
