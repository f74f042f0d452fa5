"""Hold what the mutation tool found against the survivors that are known, each with its reason (scripts/mutation.py).

Of proven files every change that no test saw and that the list lacks is printed in the form of the list, and is an
error, as are a listed one that no longer survives and one that was not tried. Of files whose unseen changes are only
counted it is an error if there are more than written down.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.mutant_classes import Classes, file_of

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "mutants" / "survivors.toml"
# How mutmut calls a change that a test saw: one that makes a test wait for ever was seen as well.
SEEN = frozenset({"killed", "timeout", "caught by type check", "segfault"})

# What no test saw, since none looks, or none runs the function: a lost test must not make a file better.
UNSEEN = frozenset({"survived", "no tests"})


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
        allowed = classes.allowed(file)
        if allowed is not None and len(changes) > allowed:
            yield f"# {file}: {len(changes)} without a reason, {allowed} are written down"
            yield from map(as_listed, changes)


def told(unseen: Mapping[str, Sequence[Change]], classes: Classes) -> Iterator[str]:
    """What may be written down in ``files.toml``: files gone through for the first time, and numbers that are lower."""
    for file, changes in sorted(unseen.items()):
        allowed = classes.allowed(file)
        if allowed is None or len(changes) < allowed:
            yield f'"{file}" = {len(changes)}'


def examine(folder: Path, tried: Collection[str], classes: Classes) -> int:
    """Print what is worse than written down of what mutmut found in the files that were tried; 1 if anything is."""
    found = statuses(_mutmut(folder, "results"))
    proven = classes.proven & {*tried}
    in_proven = {mutant for mutant in found if _file(mutant) in proven}
    changes = {mutant: change_of(mutant, _mutmut(folder, "show", mutant)) for mutant in _of(found, UNSEEN)}
    known = listed()
    wrong = [
        *report(
            {mutant: status for mutant, status in found.items() if mutant in in_proven or status not in UNSEEN},
            [changes[mutant] for mutant in _of(found, {"survived"}) if mutant in in_proven],
            {change: reason for change, reason in known.items() if file_of(change.function) in proven},
        ),
        *beyond(unseen := _unseen({*tried} - proven, changes.values(), known), classes),
    ]
    survivors = len(_of(found, {"survived"}))
    print(*wrong, *told(unseen, classes), f"# {survivors} survive, {len(wrong)} to look at", sep="\n")
    return 1 if wrong else 0


def _file(mutant: str) -> str:
    return file_of(mutant.rpartition("__mutmut_")[0])


def _of(found: Mapping[str, str], wanted: Collection[str]) -> list[str]:
    return [mutant for mutant, status in found.items() if status in wanted]


def _unseen(files: Iterable[str], changes: Iterable[Change], known: Container[Change]) -> dict[str, list[Change]]:
    """The changes without a reason of each file that is not proven, of functions that no test runs as well."""
    unseen: dict[str, list[Change]] = {file: [] for file in files}
    for change in changes:
        if change not in known and (file := file_of(change.function)) in unseen:
            unseen[file].append(change)
    return unseen


def _mutmut(folder: Path, *words: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
