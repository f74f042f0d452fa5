"""Hold what the mutation tool found against the survivors that are known, each with its reason (scripts/mutation.py).

Of proven files every change that no test saw and that the list lacks is printed in the form of the list, and is an
error, as are a listed one that no longer survives and one that was not tried. Of files whose unseen changes are only
counted it is an error if there are more than written down.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.mutant_classes import Classes, file_of

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "mutants" / "survivors.toml"
# How mutmut calls a change that a test saw: one that makes a test wait for ever was seen as well.
SEEN = frozenset({"killed", "timeout", "caught by type check", "segfault"})


class Change(NamedTuple):
    """One change of a function: its lines before and after, without their indentation. Numbers of mutants move."""

    function: str
    before: str
    after: str


def listed(path: Path = LISTED) -> dict[Change, str]:
    """The reason of each survivor of the file."""
    rows = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    return {Change(each["function"], each["before"], each["after"]): each["reason"] for each in rows}


def change_of(mutant: str, diff: str) -> Change:
    """The change that a unified diff shows; ``mutant`` is ``<function>__mutmut_<number>``."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    before, after = ("\n".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return Change(mutant.rpartition("__mutmut_")[0], before, after)


def statuses(results: str) -> dict[str, str]:
    """What became of each mutant, of lines ``<mutant>: <status>``."""
    pairs = (line.strip().partition(": ") for line in results.splitlines() if ": " in line)
    return {mutant: status for mutant, _, status in pairs}


def report(found: Mapping[str, str], changes: Iterable[Change], known: Mapping[Change, str]) -> Iterator[str]:
    """What is wrong in proven files: mutants not tried, survivors without a reason, and reasons without a survivor."""
    surviving = set(changes)
    for mutant, status in found.items():
        if status not in SEEN and status != "survived":
            yield f"# {status}: {mutant}"
    yield from (as_listed(change) for change in sorted(surviving - known.keys()))
    for change in sorted(known.keys() - surviving):
        yield f"# does not survive any more: {change}"


def as_listed(change: Change) -> str:
    """The change in the form of the list, without a reason."""
    lines = (f"{field} = {json.dumps(text)}" for field, text in change._asdict().items())
    return "\n".join(("[[survivor]]", *lines, 'reason = ""'))


def beyond(unseen: Mapping[str, Sequence[Change]], classes: Classes) -> Iterator[str]:
    """The files, not proven, with more changes without a reason than are written down, and these changes."""
    for file, changes in sorted(unseen.items()):
        allowed = classes.counted.get(file)
        if allowed is not None and len(changes) > allowed:
            yield f"# {file}: {len(changes)} without a reason, {allowed} are written down"
            yield from map(as_listed, changes)


def told(unseen: Mapping[str, Sequence[Change]], classes: Classes) -> Iterator[str]:
    """What may be written down in ``files.toml``: files gone through for the first time, and numbers that are lower."""
    for file, changes in sorted(unseen.items()):
        allowed = classes.allowed(file)
        if allowed is None or len(changes) < allowed:
            yield f'"{file}" = {len(changes)}'


def examine(folder: Path, classes: Classes) -> int:
    """Print what is worse than written down of what mutmut found in the folder; returns 1 if anything is."""
    found = statuses(_mutmut(folder, "results"))
    files = {mutant: file_of(mutant.rpartition("__mutmut_")[0]) for mutant in found}
    survivors = [mutant for mutant, status in found.items() if status == "survived"]
    changes = {mutant: change_of(mutant, _mutmut(folder, "show", mutant)) for mutant in survivors}
    proven = {mutant: status for mutant, status in found.items() if files[mutant] in classes.proven}
    known = listed()
    wrong = [
        *report(
            proven,
            [changes[mutant] for mutant in survivors if mutant in proven],
            {
                change: reason
                for change, reason in known.items()
                if file_of(change.function) in classes.proven & {*files.values()}
            },
        ),
        *beyond(unseen := _unseen(files, changes, known, classes), classes),
    ]
    print(*wrong, *told(unseen, classes), f"# {len(survivors)} survive, {len(wrong)} to look at", sep="\n")
    return 1 if wrong else 0


def _unseen(
    files: Mapping[str, str], changes: Mapping[str, Change], known: Mapping[Change, str], classes: Classes
) -> dict[str, list[Change]]:
    """The changes without a reason of each file that is not proven."""
    unseen: dict[str, list[Change]] = {file: [] for file in files.values() if file not in classes.proven}
    for mutant, change in changes.items():
        if files[mutant] in unseen and change not in known:
            unseen[files[mutant]].append(change)
    return unseen


def _mutmut(folder: Path, *words: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
