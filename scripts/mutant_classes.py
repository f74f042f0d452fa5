"""What is written down about the files whose functions mutmut changes: ``tests/mutants/files.toml``."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "mutants" / "files.toml"
# What decides who is who, what holds, and what is sent; the rest of functions/ reads and writes.
CHANGED = ("functions/core", "functions/usecases")


class Classes(NamedTuple):
    """The files by what is known of them.

    proven    each change that no test sees has its reason in ``survivors.toml``
    counted   how many changes without a reason a file may have that no test sees
    waiting   no complete run was made over them yet
    """

    proven: frozenset[str]
    counted: Mapping[str, int]
    waiting: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path = WRITTEN) -> Self:
        """The classes as they are written down."""
        rows = tomllib.loads(path.read_text("utf-8"))
        return cls(frozenset(rows["proven"]), rows["counted"], frozenset(rows["waiting"]))

    def allowed(self, file: str) -> int | None:
        """How many unseen changes without a reason the file may have, none if it is in no list; None if it waits."""
        return None if file in self.waiting else self.counted.get(file, 0)


def changed_files(root: Path = ROOT) -> dict[str, int]:
    """The files that are changed, each with its length in bytes."""
    paths = (path for folder in CHANGED for path in (root / folder).rglob("*.py"))
    sizes = {path.relative_to(root).as_posix(): path.stat().st_size for path in paths}
    return {name: size for name, size in sizes.items() if size}


def file_of(function: str, root: Path = ROOT) -> str:
    """The file of a function as mutmut names it, ``<module>.x_<name>``."""
    module = Path(*function.rpartition(".")[0].split("."))
    return (module / "__init__.py" if (root / module).is_dir() else module.with_suffix(".py")).as_posix()
