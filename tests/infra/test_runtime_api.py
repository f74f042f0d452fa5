"""What is deployed starts and answers: every handler, from the asset, under Lambda's own runtime client."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from functions.adapters.clients import Clients
from functions.topology import ENVIRONMENT, FUNCTIONS
from functions.topology_rows import Function
from functions.usecases.context import Context
from functions.usecases.publish import publish
from functions.wiring import Wiring
from infra.bundle import Asset
from local.aws.resources import create, create_sender, environment_of
from tests import aws
from tests.infra import runtime_api
from tests.infra.lambda_events import EVENTS, HEALTHY, PROFILE, SECRETS, World

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


def _environment(row: Function, made: World, url: str) -> dict[str, str]:
    """What the function is told of this AWS; no credentials."""
    settings = {"FROM_ADDRESS": aws.SENDER, "CONFIGURATION_SET": aws.CONFIGURATION_SET, "DEFINITIONS_MAX_AGE": "3600"}
    return {
        **ENVIRONMENT,
        **environment_of(row, made.places, settings),
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": aws.REGION,
        "AWS_DEFAULT_REGION": aws.REGION,
    }


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
    told = {**_environment(row, made, url), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with runtime_api.started(
        interpreter, host_asset.path, told, [runtime_client], tmp_path / "function.log"
    ) as function:
        event = EVENTS[row.name](made)
        first, again = function.invoke(event), function.invoke(event, "again")
    for answer in (first, again):
        assert HEALTHY[row.name].items() <= answer.items()


@pytest.mark.parametrize("row", [row for row in FUNCTIONS if row.snapshot], ids=lambda row: row.name)
def test_a_restored_function_answers_with_fresh_credentials_and_what_was_published_meanwhile(
    row: Function,
    interpreter: Path,
    runtime_client: Path,
    host_asset: Asset,
    world: tuple[World, str],
    tmp_path: Path,
) -> None:
    made, url = world
    told, log = _environment(row, made, url), tmp_path / "function.log"
    # Within ten minutes of their end botocore takes them for ended.
    credentials = [_credentials("BEFORE", timedelta(minutes=2)), _credentials("AFTER", timedelta(hours=6))]
    with runtime_api.started(
        interpreter, host_asset.path, told, [runtime_client], log, credentials=credentials
    ) as function:
        function.snapshot()
        assert not _connections(function.process.pid, url)
        # Seen by whoever asks for the revision, though what was loaded may be used for an hour.
        text = f'id: {row.name}\nname: {row.name}\nwhen: did "Product Viewed" within 2 days\n'
        context = Context(made.ports, made.ports.settings, made.ports.ruleset, int(time.time()))
        publish(context, "segments", row.name, text, "test")
        function.restore()
        assert HEALTHY[row.name].items() <= function.invoke(EVENTS[row.name](made)).items()
    assert ["BEFORE", "AFTER"] == list(dict.fromkeys(function.invocations.given))
    if row.name == "fold":
        stored, ruleset = made.ports.people.load([], [PROFILE], fresh=True)[1][PROFILE], made.ports.ruleset(fresh=True)
        assert ruleset.catalogue.built == ruleset.state(stored).built


def _credentials(name: str, remaining: timedelta) -> dict[str, str]:
    """What Lambda's own endpoint for credentials answers."""
    ends = (datetime.now(UTC) + remaining).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"AccessKeyId": name, "SecretAccessKey": "test", "Token": name, "Expiration": ends}


def _connections(pid: int, url: str) -> list[str]:
    """The open connections of the process to this place."""
    links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    ours = {str(link)[len("socket:[") : -1] for link in links if str(link).startswith("socket:[")}
    port = f":{urlsplit(url).port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [line[2] for line in lines if line[9] in ours and line[2].endswith(port)]
