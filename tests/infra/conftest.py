"""One synthesis and one bundle for the whole session."""

import json
from pathlib import Path

import pytest

from infra import bundle
from tests import aws
from tests.infra.synthesis import CONTEXT, Template, synthesise


def _assembly(folder: Path, **more: str) -> Path:
    """The cloud assembly of a shop with an address to send from, and with more context."""
    output = folder / "cdk.out"
    done = synthesise(output, CONTEXT | more)
    assert done.returncode == 0, done.stderr[-3000:]
    return output


def _template(assembly: Path) -> Template:
    return Template(json.loads((assembly / "Segue.template.json").read_text()))


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of the shop."""
    return _assembly(tmp_path_factory.mktemp("synthesis"))


@pytest.fixture(scope="session")
def template_with_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The same shop, with SnapStart."""
    return _template(_assembly(tmp_path_factory.mktemp("snapshots"), snapstart="true"))


@pytest.fixture(scope="session")
def template_with_canary(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The same shop, with new versions that take over bit by bit."""
    return _template(_assembly(tmp_path_factory.mktemp("canary"), canary="10percent5minutes"))


@pytest.fixture(scope="session")
def template_of_large_account(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The shop in an account of known size, with bounded writes, reports on the event bus, and other storefronts."""
    more = {"concurrency": "1000", "max_write_units": "4000", "mail_events": "true", "fold_window": "5"}
    more["sources"] = "stripe, woocommerce"
    return _template(_assembly(tmp_path_factory.mktemp("large"), **more))


@pytest.fixture(scope="session")
def template(assembly: Path) -> Template:
    return _template(assembly)


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
