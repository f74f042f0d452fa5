"""The command line is installed with what it needs, in versions that are tested here, and is described."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from cli.main import names

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = {
    name.lower(): version
    for file in ROOT.glob("requirements*.txt")
    # The emulator has an environment of its own.
    if file.stem != "requirements-ministack"
    for name, version in re.findall(r"^([\w-]+)(?:\[\w+\])?==([\w.]+)", file.read_text(), re.MULTILINE)
}
NEEDED = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]


def numbers(version):
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("needed", NEEDED)
def test_what_is_needed_includes_the_version_that_is_tested(needed):
    name, least, below = re.fullmatch(r"([\w-]+)>=([\d.]+),<([\d.]+)", needed).groups()
    assert numbers(least) <= numbers(PINNED[name.lower()]) < numbers(below)


def test_the_command_is_there():
    module, _, function = PROJECT["scripts"]["segue"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_command_is_described():
    page = (ROOT / "docs/cli.md").read_text()
    assert [] == [name for name in names() if f"`segue {name}" not in page]
