"""What of the installed wheels is of no use in Lambda."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from functions.topology import FUNCTIONS

# Languages whose amounts and dates an e-mail may be written in; Babel's other 33 MB stay at home.
_LANGUAGES = """
    ar bg ca cs da de el en es et fi fr he hi hr hu id is it ja ko lt lv nb nl nn no pl pt ro ru sk sl sr sv th tr uk
    vi zh
"""
LANGUAGES = frozenset(_LANGUAGES.split())

# The service, in the SDK's name for it, behind each kind of grant.
SERVICES = {"table": "dynamodb", "queue": "sqs", "secret": "secretsmanager", "bus": "events", "email": "sesv2"}

_JUNK_FILES = ("*.pyi", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
_JUNK_FOLDERS = ("__pycache__", "bin", "boto3/examples")


def trim(root: Path) -> None:
    """Delete it."""
    for path in list(_useless(root)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


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
