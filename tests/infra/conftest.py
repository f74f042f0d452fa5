"""One synthesis and one bundle for the whole session."""

import json
from pathlib import Path

import pytest

from infra import bundle
from tests import aws
from tests.infra.synthesis import CONTEXT, Template, synthesise


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of a shop with an address to send from."""
    output = tmp_path_factory.mktemp("synthesis") / "cdk.out"
    done = synthesise(output, CONTEXT)
    assert done.returncode == 0, done.stderr[-3000:]
    return output


@pytest.fixture(scope="session")
def template_with_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The same shop, with SnapStart."""
    output = tmp_path_factory.mktemp("snapshots") / "cdk.out"
    done = synthesise(output, CONTEXT | {"snapstart": "true"})
    assert done.returncode == 0, done.stderr[-3000:]
    return Template(json.loads((output / "Segue.template.json").read_text()))


@pytest.fixture(scope="session")
def template_of_large_account(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The same shop in an account whose size is known, with a bound on writes."""
    output = tmp_path_factory.mktemp("large") / "cdk.out"
    done = synthesise(output, CONTEXT | {"concurrency": "1000", "max_write_units": "4000"})
    assert done.returncode == 0, done.stderr[-3000:]
    return Template(json.loads((output / "Segue.template.json").read_text()))


@pytest.fixture(scope="session")
def template(assembly: Path) -> Template:
    return Template(json.loads((assembly / "Segue.template.json").read_text()))


@pytest.fixture(scope="session")
def host_asset() -> bundle.Asset:
    """The asset with this machine's wheels, for the interpreter beside MiniStack."""
    return bundle.build(bundle.host_target(str(emulator_program().with_name("python"))))


@pytest.fixture(scope="session")
def ministack_program() -> Path:
    return emulator_program()


def emulator_program() -> Path:
    found = aws.ministack_executable()
    if found is None:
        pytest.skip("MiniStack is not installed: set SEGUE_MINISTACK or make .venv-ministack")
    return found.absolute()
