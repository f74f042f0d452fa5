"""A release is made from what is there, whole or not at all: on a repository and a clone of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGELOG = """# Changelog

## [Unreleased]

### Fixed
- A cart e-mail after the order.

## [0.1.0] - 2026-11-21

### Added
- Everything.
"""
PYPROJECT = '[project]\nname = "segue"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n\n[tool.x]\nversion = "9"\n'


def git(folder, *arguments):
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path, monkeypatch):
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Release")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "release@example.org")
    first, bare, copy = (tmp_path / name for name in ("first", "origin.git", "clone"))
    (first / "scripts").mkdir(parents=True)
    (first / "CHANGELOG.md").write_text(CHANGELOG)
    (first / "pyproject.toml").write_text(PYPROJECT)
    (first / "scripts/release.py").write_text((ROOT / "scripts/release.py").read_text())
    git(first, "init", "--quiet", "--initial-branch=main")
    git(first, "add", "--all")
    git(first, "commit", "--quiet", "--message", "Begin")
    git(first, "tag", "v0.1.0")
    git(tmp_path, "clone", "--quiet", "--bare", first, bare)
    git(tmp_path, "clone", "--quiet", bare, copy)
    return copy


def release(folder, *arguments):
    command = [sys.executable, "scripts/release.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_release_writes_the_version_and_the_changelog_and_tags_the_commit_with_the_notes(clone):
    assert "git push --follow-tags" in release(clone, "cut", "0.2.0").stdout
    assert "Release 0.2.0" == git(clone, "log", "-1", "--format=%s")
    assert git(clone, "rev-parse", "HEAD") == git(clone, "rev-parse", "v0.2.0^{commit}")
    assert PYPROJECT.replace("0.1.0", "0.2.0") == (clone / "pyproject.toml").read_text()
    changelog = (clone / "CHANGELOG.md").read_text()
    assert "## [Unreleased]\n\n## [0.2.0] - 20" in changelog
    assert "" == git(clone, "status", "--porcelain")
    notes = "### Fixed\n- A cart e-mail after the order."
    assert f"{notes}\n" == release(clone, "notes", "0.2.0").stdout
    assert f"Segue 0.2.0\n\n{notes}" == git(clone, "tag", "--list", "--format=%(contents)", "v0.2.0")


def test_a_release_is_pushed_with_its_tag_by_the_command_that_it_names(clone):
    release(clone, "cut", "0.2.0")
    git(clone, "push", "--quiet", "--follow-tags")
    tags = git(clone, "ls-remote", "--tags", "--refs", "origin")
    assert ["v0.1.0", "v0.2.0"] == [line.rpartition("/")[2] for line in tags.splitlines()]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.1.0", "v0.1.0 exists"),
        ("0.0.9", "0.0.9 does not follow 0.1.0"),
        ("v0.2.0", "'v0.2.0' is no version; write it as 1.2.0"),
        ("0.2", "'0.2' is no version; write it as 1.2.0"),
        ("0.10.0", None),
    ],
)
def test_a_version_follows_the_one_before(clone, version, said):
    done = release(clone, "cut", version)
    assert (f"release: {said}\n" if said else "") == done.stderr
    assert (1 if said else 0) == done.returncode


def unsaid(clone):
    (clone / "CHANGELOG.md").write_text(CHANGELOG.replace("- A cart e-mail after the order.\n", ""))
    git(clone, "commit", "--quiet", "--all", "--message", "Say nothing")


def uncommitted(clone):
    (clone / "new.py").write_text("")


def elsewhere(clone):
    git(clone, "switch", "--quiet", "--create", "topic")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [(unsaid, "nothing under [Unreleased]"), (uncommitted, "not committed"), (elsewhere, "not from topic")],
)
def test_a_release_that_is_refused_changes_nothing(clone, prepare, said):
    prepare(clone)
    before = git(clone, "rev-parse", "HEAD"), git(clone, "status", "--porcelain")
    done = release(clone, "cut", "0.2.0")
    assert 1 == done.returncode
    assert said in done.stderr
    assert before == (git(clone, "rev-parse", "HEAD"), git(clone, "status", "--porcelain"))
    assert "v0.1.0" == git(clone, "tag", "--list")


def test_the_first_release_may_be_the_version_that_stands_there(clone):
    git(clone, "tag", "--delete", "v0.1.0")
    (clone / "CHANGELOG.md").write_text(CHANGELOG.partition("## [0.1.0]")[0])
    git(clone, "commit", "--quiet", "--all", "--message", "Begin anew")
    assert 0 == release(clone, "cut", "0.1.0").returncode


def test_the_notes_of_what_is_not_there_are_refused(clone):
    assert "release: CHANGELOG.md has no section [7.0.0]\n" == release(clone, "notes", "7.0.0").stderr


def test_the_changelog_of_this_project_has_what_a_release_needs():
    done = release(ROOT, "notes", "Unreleased")
    assert 0 == done.returncode, done.stderr
