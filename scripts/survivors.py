"""Hold what the mutation tool found against the list of survivors that are known, each with its reason.

``python -m scripts.survivors``, after ``mutmut run``, prints every change that no test saw and that the list lacks, in
the form of the list, and ends with 1 if there is one, if a listed one no longer survives, or if some were not tried.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

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
    """What is wrong: mutants that were not tried, survivors without a reason, and reasons without a survivor."""
    surviving = set(changes)
    for mutant, status in found.items():
        if status not in SEEN and status != "survived":
            yield f"# {status}: {mutant}"
    for change in sorted(surviving - known.keys()):
        lines = (f"{field} = {json.dumps(text)}" for field, text in change._asdict().items())
        yield "\n".join(("[[survivor]]", *lines, 'reason = ""'))
    for change in sorted(known.keys() - surviving):
        yield f"# does not survive any more: {change}"


def main(_: Sequence[str]) -> int:
    """Compare, print what is wrong, and end with 1 if anything is."""
    found = statuses(_mutmut("results"))
    survivors = [mutant for mutant, status in found.items() if status == "survived"]
    wrong = list(report(found, (change_of(each, _mutmut("show", each)) for each in survivors), listed()))
    print(*wrong, f"# {len(survivors)} survive, {len(wrong)} to look at", sep="\n")
    return 1 if wrong else 0


def _mutmut(*words: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
