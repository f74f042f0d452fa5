"""Write the current definitions of a host into a folder, as they were saved."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from cli.client import add_host, connect, quoted
from cli.push import ORDER


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", default="definitions", help="where to write, one file a definition")
    add_host(parser)


def run(args: Namespace) -> int:
    """Write what differs; files that the host does not know stay."""
    client = connect(args)
    for kind in ORDER:
        for listed in client.get(f"/api/definitions/{kind}")["definitions"]:
            saved = client.get(f"/api/definitions/{kind}/{quoted(listed['id'])}")
            ending = ".json" if saved["text"].lstrip().startswith("{") else ".yaml"
            _write(Path(args.folder) / kind / f"{listed['id']}{ending}", saved["text"])
    return 0


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(path)
