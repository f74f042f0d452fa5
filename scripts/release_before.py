"""What reads stored rows, messages of queues and bundles, packed as of a release: ``tests/golden/release_before.zip``.

The tests of the next release give what that one writes to these modules, which is what a roll-back does. ``python -m
scripts.release_before`` writes the file; a release that is cut does it by itself. Standard library only.
"""

import ast
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

PLACE = Path("tests/golden/release_before.zip")
# Where reading begins; what these import comes along.
_READERS = (
    "functions/adapters/dynamodb/rows/*.py",
    "functions/adapters/dynamodb/bundle.py",
    "functions/core/base/task_codec.py",
    "functions/core/base/tasks/*.py",
    "functions/core/profiles/state.py",
)
# The earliest time that a zip can hold: the same modules make the same file.
_NEVER = (1980, 1, 1, 0, 0, 0)


def write(root: Path) -> Path:
    """Write the file from the modules below ``root``; return its place."""
    (root / PLACE).write_bytes(packed(root))
    return PLACE


def packed(root: Path) -> bytes:
    """The readers below ``root`` and all of ours that they import, as a zip that Python imports from."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(_closure(root)):
            information = zipfile.ZipInfo(path.relative_to(root).as_posix(), _NEVER)
            archive.writestr(information, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _closure(root: Path) -> set[Path]:
    found: set[Path] = set()
    waiting = [path for pattern in _READERS for path in root.glob(pattern)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [*_packages(root, path), *_imported(root, path)]
    return found


def _packages(root: Path, path: Path) -> Iterator[Path]:
    for parent in path.relative_to(root).parents:
        if (initial := root / parent / "__init__.py").is_file() and parent != Path():
            yield initial


def _imported(root: Path, path: Path) -> Iterator[Path]:
    """The files of ours that the file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module if isinstance(node, ast.ImportFrom) else None
        for name in [*([module] if module else []), *(f"{module}.{name}" if module else name for name in names)]:
            place = root / Path(*name.split("."))
            yield from (each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file())


if __name__ == "__main__":
    print(write(Path(__file__).resolve().parents[1]))
