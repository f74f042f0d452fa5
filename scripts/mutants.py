"""Make each wrong change of ``tests/mutants/listed.toml`` in a copy of the tree, and see that its test fails.

``python -m scripts.mutants [words of names …]`` ends with 1 if a test passes in spite of the change, fails without it
or is missing, or if the text to be changed is not found exactly once.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "mutants" / "listed.toml"
# How long one test may take (seconds): a wrong change may make it wait for ever.
PATIENCE = 900
# What pytest answers when tests passed and when a test failed; anything else is an error of its own.
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Mutant:
    """One wrong change: in ``file`` the ``text`` becomes the ``replacement``; ``test``, a pytest id, has to fail."""

    name: str
    file: str
    text: str
    replacement: str
    test: str

    def applied(self, source: str) -> str:
        """The source with the change; raises ValueError if the text is not found exactly once."""
        if (found := source.count(self.text)) != 1:
            raise ValueError(f"{self.name}: found {found} times instead of once in {self.file}: {self.text!r}")
        return source.replace(self.text, self.replacement)


def listed(path: Path = LISTED) -> list[Mutant]:
    """The mutants of the file, in its order."""
    return [Mutant(**each) for each in tomllib.loads(path.read_text("utf-8"))["mutant"]]


def copy_tree(root: Path, target: Path) -> None:
    """Copy what git knows of the tree, as it is now, and what is new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


def run(tests: Iterable[str], tree: Path) -> int:
    """What pytest answers to these tests in the tree; FAILED too if they take longer than PATIENCE."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    try:
        return subprocess.run(command, cwd=tree, capture_output=True, timeout=PATIENCE, check=False).returncode
    except subprocess.TimeoutExpired:
        return FAILED


def faults(mutants: Sequence[Mutant], tree: Path) -> Iterator[str]:
    """What is wrong with each mutant that its test does not kill; the tree is left as it was."""
    for mutant in mutants:
        path = tree / mutant.file
        source = path.read_text("utf-8")
        try:
            path.write_text(mutant.applied(source), "utf-8")
            answer = run([mutant.test], tree)
        except (OSError, ValueError) as error:
            yield str(error)
            continue
        finally:
            path.write_text(source, "utf-8")
        if answer == PASSED:
            yield f"{mutant.name}: survives {mutant.test}"
        elif answer != FAILED:
            yield f"{mutant.name}: pytest answers {answer} instead of failing: {mutant.test}"
        else:
            print(f"killed: {mutant.name}", flush=True)


def main(words: Sequence[str]) -> int:
    """Run the mutants whose names contain one of the words, or all."""
    mutants = [each for each in listed() if not words or any(word in each.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        copy_tree(ROOT, tree)
        if (answer := run(dict.fromkeys(each.test for each in mutants), tree)) != PASSED:
            print(f"the tests do not pass without any change: pytest answers {answer}", file=sys.stderr)
            return 1
        wrong = list(faults(mutants, tree))
    print(*wrong, f"{len(mutants) - len(wrong)} of {len(mutants)} killed", sep="\n")
    return 1 if wrong or not mutants else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
