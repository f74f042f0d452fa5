"""Make a release: ``cut 1.2.0`` commits and tags it, ``notes 1.2.0`` prints its section of the CHANGELOG.

Needs only Python and git, and pushes nothing.
"""

import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
STATED = re.compile(r'^version = "(.+)"$', re.MULTILINE)
UNRELEASED = "## [Unreleased]\n"


class ReleaseRefused(Exception):
    """The release cannot be made from what is there; the text says what to do."""


def notes(changelog: str, version: str) -> str:
    """Return the section of one version, or of ``Unreleased``, without its heading."""
    section = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if section is None:
        raise ReleaseRefused(f"CHANGELOG.md has no section [{version}]")
    return section[1].strip()


def released(changelog: str, version: str, day: date) -> str:
    """Return the CHANGELOG with everything unreleased under the version, and an empty section for what comes next."""
    if "- " not in notes(changelog, "Unreleased"):
        raise ReleaseRefused("CHANGELOG.md has nothing under [Unreleased]: say what is new, in users' words")
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## [{version}] - {day}\n", 1)


def stated(pyproject: str) -> str:
    """Return the version that pyproject.toml states, the only place that does."""
    return str(tomllib.loads(pyproject)["project"]["version"])


def check_version(version: str, before: str, tags: list[str]) -> None:
    """Refuse a version that is none, that exists, or that does not follow the one before.

    The first release may be the version that stands in pyproject.toml, since that was never tagged.
    """
    if not VERSION.fullmatch(version):
        raise ReleaseRefused(f"{version!r} is no version; write it as 1.2.0")
    if f"v{version}" in tags:
        raise ReleaseRefused(f"v{version} exists")
    if numbers(version) < numbers(before) or (version == before and f"v{before}" in tags):
        raise ReleaseRefused(f"{version} does not follow {before}")


def numbers(version: str) -> tuple[int, ...]:
    """Return the parts of a version, in the order of releases."""
    return tuple(map(int, version.split(".")))


def cut(root: Path, version: str, day: date) -> None:
    """Write the version and the CHANGELOG, commit both, and tag the commit with the notes.

    Everything is checked before anything is written.
    """
    if git(root, "status", "--porcelain"):
        raise ReleaseRefused("commit or remove what is not committed first (git status)")
    if (branch := git(root, "rev-parse", "--abbrev-ref", "HEAD")) != "main":
        raise ReleaseRefused(f"releases are made from main, not from {branch}")
    pyproject, changelog = root / "pyproject.toml", root / "CHANGELOG.md"
    check_version(version, stated(pyproject.read_text()), git(root, "tag", "--list").split())
    history = released(changelog.read_text(), version, day)

    changelog.write_text(history)
    pyproject.write_text(STATED.sub(f'version = "{version}"', pyproject.read_text(), count=1))
    git(root, "commit", "--quiet", "--message", f"Release {version}", "--", "CHANGELOG.md", "pyproject.toml")
    # Headings of the notes begin with "#", which git takes for comments otherwise.
    message = f"Segue {version}\n\n{notes(history, version)}"
    git(root, "tag", "--annotate", "--cleanup=whitespace", "--message", message, f"v{version}")


def git(root: Path, *arguments: str) -> str:
    """Return what git prints, without the line ends around it."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseRefused(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def main(arguments: list[str], root: Path) -> int:
    """Run one of the two commands; 1 if it was refused, 2 if it is not known."""
    try:
        match arguments:
            case ["cut", version]:
                cut(root, version, datetime.now(UTC).date())
                print(f"v{version} is tagged. Nothing is pushed: git push --follow-tags")
            case ["notes", version]:
                print(notes((root / "CHANGELOG.md").read_text(), version))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except ReleaseRefused as refused:
        print(f"release: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[1]))
