"""The docs are built into a site, strictly: every link leads somewhere, and every page can be found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NAV = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]


def pages(nav):
    for each in nav:
        (target,) = each.values()
        yield from pages(target) if isinstance(target, list) else [target]


@pytest.fixture
def site(tmp_path):
    pytest.importorskip("zensical", reason="zensical is not installed: it needs Python 3.11.5 or newer")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def build(site):
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)


def test_every_page_becomes_a_page_of_the_site(site):
    done = build(site)
    assert 0 == done.returncode, done.stdout + done.stderr
    made = {
        path.parent.relative_to(site / "build/docs").as_posix() for path in (site / "build/docs").rglob("index.html")
    }
    there = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {name.removesuffix("index").removesuffix("/README") or "." for name in there} == made


def test_a_link_to_a_page_that_is_not_there_fails_the_build(site):
    with (site / "docs/index.md").open("a") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    done = build(site)
    assert 0 != done.returncode
    assert "page does not exist" in done.stdout + done.stderr


def test_every_page_is_found_from_the_navigation():
    """The records of decisions are found from their index."""
    there = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {each for each in there if not each.startswith("decisions/0")} == set(pages(NAV))
