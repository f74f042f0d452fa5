"""What is deployed starts and answers: every handler, from the asset, under Lambda's own runtime client."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.adapters.clients import Clients
from functions.topology import FUNCTIONS, Function
from functions.wiring import Wiring
from infra.bundle import Asset
from local.aws.resources import create, create_sender, environment_of
from tests import aws
from tests.infra import runtime_api
from tests.infra.lambda_events import EVENTS, HEALTHY, SECRETS, World

_WHERE = """
import importlib.util, json
names = ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson")
print(json.dumps([importlib.util.find_spec(name).origin for name in names]))
"""


@pytest.fixture(scope="session")
def interpreter(ministack_program: Path) -> Path:
    return ministack_program.with_name("python")


@pytest.fixture(scope="session")
def runtime_client(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Lambda's runtime client and nothing else of the environment that it is installed in."""
    folder = tmp_path_factory.mktemp("runtime-client")
    found = subprocess.run([interpreter, "-c", _WHERE], capture_output=True, text=True, check=True, timeout=60)
    for origin in map(Path, json.loads(found.stdout)):
        part = origin.parent if origin.name == "__init__.py" else origin
        (folder / part.name).symlink_to(part)
    return folder


@pytest.fixture(scope="module")
def world(ministack_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    with aws.ministack(ministack_program, tmp_path_factory.mktemp("ministack")) as url:
        clients = Clients(**aws.options_of(url))
        places = create(clients.get, values=SECRETS)
        create_sender(clients.get, aws.SENDER, aws.CONFIGURATION_SET)
        yield World(places, Wiring(places, clients), clients.get), url


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_every_function_starts_from_the_asset_and_answers(
    row: Function,
    interpreter: Path,
    runtime_client: Path,
    host_asset: Asset,
    world: tuple[World, str],
    tmp_path: Path,
) -> None:
    made, url = world
    told = {
        **environment_of(row, made.places, {"FROM_ADDRESS": aws.SENDER, "CONFIGURATION_SET": aws.CONFIGURATION_SET}),
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": aws.REGION,
        "AWS_DEFAULT_REGION": aws.REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    handler = f"functions.handlers.{row.name}.handler"
    log = tmp_path / "function.log"
    with runtime_api.started(interpreter, host_asset.path, handler, told, [runtime_client], log) as function:
        event = EVENTS[row.name](made)
        first, again = function.invoke(event), function.invoke(event, "again")
    for answer in (first, again):
        assert HEALTHY[row.name].items() <= answer.items()
