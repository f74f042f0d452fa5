"""Which tests are run against each change of mutmut: those that reach what is changed, in memory and by themselves."""

import re
from collections.abc import Iterator
from pathlib import Path

from scripts.mutant_classes import CHANGED

# What a test may not need: mutmut does not copy it, or it takes long to start.
APART = frozenset({"batch", "bench", "cli", "infra", "scripts"})
APART_OF_FLOWS = APART | {"local"}
# Tests that hold the tree itself against something.
OF_THE_TREE = frozenset(
    {
        "test_adding.py",
        "test_adding_deployed.py",
        "test_libraries.py",
        "test_schemas.py",
        "test_source_docs.py",
        "test_startup.py",
    }
)
_PACKAGES = tuple(folder.replace("/", ".") for folder in CHANGED)


def reaching_changes(root: Path) -> list[str]:
    """The unit tests and the flow tests that import what is changed, themselves or by what helps them."""
    folders = (("unit", APART), ("flow", APART_OF_FLOWS))
    return [path for folder, apart in folders for path in _of_folder(root, folder, apart)]


def _of_folder(root: Path, folder: str, apart: frozenset[str]) -> Iterator[str]:
    for path in sorted((root / "tests" / folder).glob("test_*.py")):
        modules = imported(root, path)
        reaches = any(module.startswith(_PACKAGES) for module in modules)
        if reaches and path.name not in OF_THE_TREE and apart.isdisjoint(each.split(".")[0] for each in modules):
            yield path.relative_to(root).as_posix()


def imported(root: Path, path: Path) -> set[str]:
    """The modules that a test imports, and those that its helpers among the tests import."""
    modules, waiting, read = set[str](), [path], set[Path]()
    while waiting:
        found = set(re.findall(r"(?m)^\s*(?:from|import) ([\w.]+)", (read_now := waiting.pop()).read_text("utf-8")))
        read.add(read_now)
        modules |= found
        files = (root / Path(*module.split(".")).with_suffix(".py") for module in found if module.startswith("tests."))
        waiting += [file for file in files if file.is_file() and file not in read]
    return modules
