"""What each part needs is said once, in pyproject.toml, and locked with hashes."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.main import names

ROOT = Path(__file__).parent.parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT, GROUPS = PYPROJECT["project"], PYPROJECT["dependency-groups"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "ship": "requirements.txt",
    "local": "requirements-local.txt",
    "dev": "requirements-dev.txt",
    "infra": "requirements-infra.txt",
    "bench": "requirements-bench.txt",
    "ministack": "requirements-ministack.txt",
}
# The emulator has an environment of its own.
ONE_ENVIRONMENT = [each for each in sorted(ROOT.glob("requirements*.txt")) if each.stem != "requirements-ministack"]


def locked(file):
    """The lines of a lock file as (requirement, number of hashes)."""
    text = re.sub(r"^\s*#.*\n", "", file.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        requirement, *hashes = line.split("--hash=sha256:")
        yield Requirement(requirement), len(hashes)


def versions(file):
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each, _ in locked(file)}


def flat(group):
    for each in GROUPS[group]:
        yield from flat(each["include-group"]) if isinstance(each, dict) else [each]


@pytest.mark.parametrize("file", sorted(ROOT.glob("requirements*.txt")), ids=lambda file: file.name)
def test_every_package_is_locked_to_one_version_and_its_hashes(file):
    for requirement, hashes in locked(file):
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert hashes, f"{requirement} has no hash: make lock"


def test_locked_files_are_installed_as_they_are():
    """pip would otherwise look at newer releases of what others ask for with an extra, which have no hash here."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    assert "LOCKED := $(INSTALL) --no-deps --require-hashes" in lines
    installs = [line for line in lines if " -r requirements" in line and "LOCK)" not in line]
    assert installs
    assert [] == [line for line in installs if "$(LOCKED) -r" not in line]


def test_no_package_is_installed_without_its_hash_but_this_one():
    """The project itself, from its own folder, has none."""
    pages = (
        ROOT / "Makefile",
        ROOT / "infra/bundle.py",
        *ROOT.glob(".github/workflows/*.yml"),
        ROOT / "docs/deploying.md",
    )
    lines = [line.strip() for page in pages for line in page.read_text().splitlines()]
    made = [line for line in lines if re.search(r"pip install|\$\(INSTALL\)", line) and "LOCKED :=" not in line]
    unlocked = [line for line in made if "--require-hashes" not in line and not line.startswith("INSTALL :=")]
    assert ["@$(BIN)/python $(INSTALL) --no-deps -e ."] == unlocked


def test_a_package_has_one_version_in_all_files_of_one_environment():
    found: dict[str, set[str]] = {}
    for file in ONE_ENVIRONMENT:
        for name, version in versions(file).items():
            found.setdefault(name, set()).add(version)
    assert {} == {name: each for name, each in found.items() if len(each) > 1}


@pytest.mark.parametrize(("group", "file"), LOCKS.items(), ids=LOCKS)
def test_the_lock_of_a_group_has_what_the_group_asks_for(group, file):
    assert set(LOCKS) == set(GROUPS)
    have = versions(ROOT / file)
    for each in map(Requirement, flat(group)):
        assert each.specifier.contains(have.get(canonicalize_name(each.name), "0")), f"{each}: make lock"


def test_what_ships_is_the_same_on_every_platform():
    """pip asks markers of the interpreter that bundles, not of Lambda's."""
    markers = {str(requirement.marker) for requirement, _ in locked(ROOT / "requirements.txt") if requirement.marker}
    assert not [
        marker
        for marker in markers
        if re.search("python_(full_)?version|sys_platform|platform_machine|os_name", marker)
    ]


@pytest.mark.parametrize("needed", [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)])
def test_what_the_command_line_needs_includes_the_version_that_is_tested(needed):
    requirement = Requirement(needed)
    assert {">=", "<"} == {each.operator for each in requirement.specifier}
    assert requirement.specifier.contains(versions(ROOT / "requirements-dev.txt")[canonicalize_name(requirement.name)])


def test_the_installed_command_calls_a_function_that_exists():
    module, _, function = PROJECT["scripts"]["segue"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_command_is_described_in_the_docs():
    page = (ROOT / "docs/cli.md").read_text()
    assert [] == [name for name in names() if f"`segue {name}" not in page]


def test_every_construct_that_the_stack_imports_has_types():
    """mypy passes over the other services of the CDK, and what it passes over may be anything."""
    (followed,) = (each for each in PYPROJECT["tool"]["mypy"]["overrides"] if "aws_cdk" in each["module"])
    code = "\n".join(path.read_text() for path in (ROOT / "app.py", *(ROOT / "infra").rglob("*.py")))
    imported = {f"aws_cdk.{name}" for name in re.findall(r"^from aws_cdk import (aws_\w+)", code, re.MULTILINE)}
    assert imported
    assert imported == {name for name in followed["module"] if name.startswith("aws_cdk.aws_")}


def test_the_readme_states_the_share_of_the_code_below_which_make_coverage_fails():
    [stated] = re.findall(r"at least\s+(\d+) % of the lines and branches", (ROOT / "README.md").read_text())
    assert int(stated) == PYPROJECT["tool"]["coverage"]["report"]["fail_under"]
