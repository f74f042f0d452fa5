"""Change the files of a night with mutmut, and hold the survivors against what is written down about each file.

``python -m scripts.mutation`` takes all proven files and the share of today's date, ``… 3`` the share of that number,
and ``… functions/core/flows/flow.py`` the files that are named. It ends with 1 if anything is worse than written down
(scripts/survivors.py). It takes up where it was stopped if the files are the same as before.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path

from scripts import survivors
from scripts.mutant_classes import ROOT, Classes, changed_files
from scripts.mutant_tests import reaching_changes
from scripts.mutants import copy_tree

# The copy of the tree in which mutmut works; `make clean` removes it.
FOLDER = ROOT / "build" / "mutation"
# How many nights it takes to go through all files: each night has to end within the six hours of a hosted runner.
NIGHTS = 14
# Random tests try enough examples for a fault to be seen, and do not look for the smallest one.
ENVIRONMENT = {"SEGMENT_ANY_FAILURE": "1", "SEGMENT_EXAMPLES": "40"}


def share(sizes: Mapping[str, int], number: int, shares: int = NIGHTS) -> list[str]:
    """The files of one share: neighbours by path, so that an edit moves few files from night to night.

    A file is in the share in which its middle lies; ``sizes`` are their lengths.
    """
    names, total = sorted(sizes), sum(sizes.values())
    ends = accumulate(sizes[name] for name in names)
    return [
        name for name, end in zip(names, ends, strict=True) if (2 * end - sizes[name]) * shares // (2 * total) == number
    ]


def of_night(classes: Classes, sizes: Mapping[str, int], day: date) -> list[str]:
    """All proven files, and the share of this day."""
    return sorted({*classes.proven, *share(sizes, day.toordinal() % NIGHTS)})


def chosen(words: Sequence[str], classes: Classes, sizes: Mapping[str, int]) -> list[str]:
    """The files that the words of the command line ask for; raises ValueError for a file that is not changed."""
    if not words:
        return of_night(classes, sizes, datetime.now(UTC).date())
    if len(words) == 1 and words[0].isdigit():
        return share(sizes, int(words[0]) % NIGHTS)
    if unknown := [word for word in words if word not in sizes]:
        raise ValueError(f"not among the files that are changed: {', '.join(unknown)}")
    return sorted(words)


def with_choice(project: str, files: Iterable[str], tests: Iterable[str]) -> str:
    """The text of pyproject.toml in which mutmut is told to change these files, and to run these tests."""
    text = _with_lines(project, r"(\[tool\.mutmut\]\n)", "only_mutate = [\n{}]\n", files)
    return _with_lines(text, r"(pytest_add_cli_args_test_selection = \[\n)", "{}", tests)


def _with_lines(text: str, after: str, form: str, words: Iterable[str]) -> str:
    lines = form.format("".join(f'    "{word}",\n' for word in words))
    changed, found = re.subn(f"(?m)^{after}", lambda match: match[1] + lines, text)
    if found != 1:
        raise ValueError(f"pyproject.toml has not exactly one {after}")
    return changed


def prepare(files: Sequence[str], root: Path, folder: Path) -> None:
    """Copy the tree as it is now; what mutmut found is kept if it was about the same files."""
    project = with_choice((root / "pyproject.toml").read_text("utf-8"), files, reaching_changes(root))
    if not (folder / "pyproject.toml").is_file() or (folder / "pyproject.toml").read_text("utf-8") != project:
        shutil.rmtree(folder, ignore_errors=True)
    for path in folder.glob("*"):
        if path.name != "mutants":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    copy_tree(root, folder)
    (folder / "pyproject.toml").write_text(project, "utf-8")


def main(words: Sequence[str]) -> int:
    """Change the files that are asked for, and print what is worse than written down."""
    classes, sizes = Classes.read(), changed_files()
    try:
        files = chosen(words, classes, sizes)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(*files, sep="\n", flush=True)
    prepare(files, ROOT, FOLDER)
    command = [str(Path(sys.executable).with_name("mutmut")), "run"]
    done = subprocess.run(command, cwd=FOLDER, env={**os.environ, **ENVIRONMENT}, check=False)
    return done.returncode or survivors.examine(FOLDER, files, classes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
