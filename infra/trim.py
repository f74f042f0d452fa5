"""What of the installed wheels is of no use in Lambda."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from functions.topology import FUNCTIONS, SERVICES

# Languages whose amounts and dates an e-mail may be written in; Babel's other 33 MB stay at home.
_LANGUAGES = """
    ar bg ca cs da de el en es et fi fr he hi hr hu id is it ja ko lt lv nb nl nn no pl pt ro ru sk sl sr sv th tr uk
    vi zh
"""
LANGUAGES = frozenset(_LANGUAGES.split())

# Services that have another name in the list of endpoints.
_ENDPOINTS = {"sesv2": "email"}

_JUNK_FILES = ("*.pyi", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
_JUNK_FOLDERS = ("__pycache__", "bin", "boto3/examples")


def trim(root: Path) -> None:
    """Delete it."""
    for path in list(_useless(root)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    _trim_endpoints(root / "botocore/data/endpoints.json")


def _trim_endpoints(path: Path) -> None:
    """Keep the endpoints of our services: the first client reads the list whole, 1.2 MB of it, in 25 ms."""
    names = {_ENDPOINTS.get(name, name) for name in services()}
    listed = json.loads(path.read_text())
    for partition in listed["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in names}
    path.write_text(json.dumps(listed, separators=(",", ":")))


def _useless(root: Path) -> Iterator[Path]:
    for pattern in _JUNK_FILES:
        yield from root.rglob(pattern)
    for folder in _JUNK_FOLDERS:
        yield from root.glob(folder)
    yield from _locales(root)
    yield from _services(root)


def _locales(root: Path) -> Iterator[Path]:
    for path in root.glob("babel/locale-data/*.dat"):
        if path.stem.split("_")[0] not in LANGUAGES | {"root"}:
            yield path


def services() -> set[str]:
    """What the SDK can call in Lambda: the services of the topology's grants."""
    return {SERVICES[grant.kind] for function in FUNCTIONS for grant in function.grants}


def _services(root: Path) -> Iterator[Path]:
    granted = services()
    for library in ("boto3", "botocore"):
        for path in root.glob(f"{library}/data/*/"):
            if path.name not in granted:
                yield path
