"""Write the current definitions of a host into a folder, as they were saved."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.client import connect, quoted
from cli.options import AsJson, Host
from cli.progress import track
from functions.core.definitions.kinds import KINDS

EXAMPLES = ("segue pull --local", "segue pull my-shop --local", "segue pull my-shop --json --local")


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    folder: Annotated[Path, typer.Argument(help="Where to write, one file a definition.")] = Path("definitions")


def run(args: Arguments) -> int:
    """Write what differs and print its path; files that the host does not know stay."""
    written: list[str] = []
    with connect(args) as client:
        listed = [(kind, each["id"]) for kind in KINDS for each in client.pages(_path(kind), "definitions", {})]
        for kind, name in track(listed, "reading definitions"):
            text = client.get(f"{_path(kind)}/{quoted(name)}")["text"]
            path = _file(args.folder / kind, name, text)
            if _write(path, text):
                written.append(str(path))
                if not args.json:
                    output.line(str(path))
    if args.json:
        output.as_json({"definitions": len(listed), "written": written})
    return 0


def _path(kind: str) -> str:
    return f"/api/definitions/{kind}"


def _file(folder: Path, name: str, text: str) -> Path:
    """The file that holds it already, or a new one with the ending of its form."""
    existing = [path for ending in (".yaml", ".yml", ".json") if (path := folder / f"{name}{ending}").exists()]
    return existing[0] if existing else folder / f"{name}{'.json' if text.lstrip().startswith('{') else '.yaml'}"


def _write(path: Path, text: str) -> bool:
    """Write the text; False if the file has it already."""
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
