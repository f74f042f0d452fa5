"""Finds files of definitions; a file's folder is its kind, its name the id."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from cli.errors import CliError
from functions.core.definitions.kinds import KINDS

ENDINGS = (".yaml", ".yml", ".json")
# JSON Schemas for editors lie beside the definitions (`segue schema --write`).
_NO_KIND = ("schema",)


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A file that holds one definition."""

    path: Path
    kind: str

    @property
    def id(self) -> str:
        """The definition's id."""
        return self.path.stem

    @property
    def address(self) -> str:
        """kind/id, as the API names it."""
        return f"{self.kind}/{self.id}"

    def text(self) -> str:
        """The file's text; raises CliError if it is not UTF-8."""
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise CliError(f"{self.path} is not UTF-8 text") from None


def find(paths: Iterable[Path]) -> list[DefinitionFile]:
    """The definitions at the paths: files, folders of a kind, or folders of such folders; by kind, then by id."""
    by_path = {each.path.resolve(): each for path in paths for each in _at(path)}
    if not by_path:
        raise CliError(f"there is no definition; {_places()}")
    files = sorted(by_path.values(), key=lambda each: (each.kind, each.id, str(each.path)))
    for one, other in pairwise(files):
        if one.address == other.address:
            raise CliError(f"{one.path} and {other.path} are both {one.address}")
    return files


def beside(files: Iterable[DefinitionFile]) -> list[DefinitionFile]:
    """The files, and all that lies in folders of kinds beside theirs: what they may refer to."""
    named = {each.path.resolve(): each for each in files}
    roots = sorted({path.parent.parent for path in named})
    folders = [folder for root in roots for kind in KINDS if (folder := root / kind).is_dir()]
    return list({**{each.path: each for folder in folders for each in _kind_folder(folder)}, **named}.values())


def _at(path: Path) -> Iterator[DefinitionFile]:
    if path.is_dir():
        yield from _kind_folder(path) if _is_of_kind(path) else _folder(path)
    elif path.is_file():
        yield _file(path)
    else:
        raise CliError(f"{path} does not exist")


def _is_of_kind(folder: Path) -> bool:
    return folder.resolve().name in KINDS


def _folder(folder: Path) -> Iterator[DefinitionFile]:
    """Every definition in the kinds' folders; raises CliError for files elsewhere, which would be ignored silently."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _NO_KIND:
            continue
        if path.is_dir() and _is_of_kind(path):
            yield from _kind_folder(path)
        elif path.suffix in ENDINGS or any(each.suffix in ENDINGS for each in path.rglob("*")):
            raise CliError(_no_kind(path))


def _kind_folder(folder: Path) -> Iterator[DefinitionFile]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and any(each.suffix in ENDINGS for each in path.rglob("*")):
            raise CliError(f"{path}: a kind's folder holds files and no folders")
        if path.suffix in ENDINGS and not path.name.startswith("."):
            yield _file(path)


def _file(path: Path) -> DefinitionFile:
    kind = path.resolve().parent.name
    if kind not in KINDS:
        raise CliError(_no_kind(path))
    if path.suffix not in ENDINGS:
        raise CliError(f"{path}: a definition's file ends in {', '.join(ENDINGS)}")
    return DefinitionFile(path, kind)


def _no_kind(path: Path) -> str:
    name = path.name if path.is_dir() else path.resolve().parent.name
    near = get_close_matches(name, KINDS, 1)
    return f"{path}: {name}/ is no kind of definition{f' (did you mean {near[0]}/?)' if near else ''}; {_places()}"


def _places() -> str:
    return f"a definition lies in {', '.join(f'{kind}/' for kind in KINDS)}"
