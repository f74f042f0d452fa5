"""Write the current definitions of a host into a folder, as they were saved."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from cli.client import add_host, connect, quoted
from functions.core.definitions.kinds import KINDS


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", default="definitions", help="where to write, one file a definition")
    add_host(parser)


def run(args: Namespace) -> int:
    """Write what differs; files that the host does not know stay."""
    client = connect(args)
    for kind in KINDS:
        for listed in client.get(f"/api/definitions/{kind}")["definitions"]:
            saved = client.get(f"/api/definitions/{kind}/{quoted(listed['id'])}")
            _write(_file(Path(args.folder) / kind, listed["id"], saved["text"]), saved["text"])
    return 0


def _file(folder: Path, name: str, text: str) -> Path:
    """The file that holds it already, or a new one with the ending of its form."""
    there = [path for ending in (".yaml", ".yml", ".json") if (path := folder / f"{name}{ending}").exists()]
    return there[0] if there else folder / f"{name}{'.json' if text.lstrip().startswith('{') else '.yaml'}"


def _write(path: Path, text: str) -> None:
    written = text.encode()
    if path.exists() and path.read_bytes() == written:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)
    print(path)
