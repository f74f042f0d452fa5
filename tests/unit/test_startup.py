"""What a process makes before its first invocation, and what it renews when it goes on from a snapshot."""

import ast
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from functions import startup, wiring
from functions.settings import SettingsError
from functions.topology import ENVIRONMENT, FUNCTIONS, SERVICES
from functions.topology_rows import Function
from functions.usecases.collect import STOREFRONTS
from functions.usecases.publish import publish
from local.aws.resources import create, environment_of
from tests.unit.test_wiring import PLACES

ROOT = Path(__file__).parent.parent.parent
REGION = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}

SEGMENT = 'id: viewers\nname: Viewers\nwhen: did "Product Viewed" within 2 days\n'

ENTER = """
import gc, sys
from functions import entry, wiring
assert callable(entry.handler) and gc.isenabled() and gc.get_freeze_count()
before = set(sys.modules)
ports = wiring.ports()
print(sorted(ports.__dict__), sorted(wiring.clients()._clients), "snapshot_restore_py" in sys.modules, sep="|")
"""


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in REGION.items():
        monkeypatch.setenv(name, value)
    wiring.reset()
    yield
    wiring.reset()


def environment(row: Function) -> dict[str, str]:
    return {**ENVIRONMENT, **REGION, **environment_of(row, PLACES)}


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_everything_that_a_function_was_granted_is_made_at_its_start(row: Function) -> None:
    with wiring.use(environment(row)) as ports:
        startup.prepare(row)
        made = set(ports.__dict__)
        assert "settings" in made
        for grant in row.grants:
            assert startup.port_of(grant) in made
            assert SERVICES[grant.kind] in wiring.clients()._clients


def test_a_process_that_lambda_starts_is_ready_and_collects_garbage_again() -> None:
    row = next(row for row in FUNCTIONS if row.name == "fold")
    command = [sys.executable, "-c", ENTER]
    done = subprocess.run(command, cwd=ROOT, env=environment(row), capture_output=True, text=True, check=True)
    ports, clients, hooks = done.stdout.strip().split("|")
    assert {"log", "people", "definitions", "queues", "names", "settings"} <= set(ast.literal_eval(ports))
    assert ["dynamodb", "secretsmanager", "sqs"] == ast.literal_eval(clients)
    assert "False" == hooks


def test_a_start_with_wrong_settings_names_them() -> None:
    row = next(row for row in FUNCTIONS if row.name == "tick")
    with wiring.use({**environment(row), "DUE_SHARDS": "none"}), pytest.raises(SettingsError, match="DUE_SHARDS"):
        startup.prepare(row)


def test_processes_from_one_snapshot_draw_different_random_numbers() -> None:
    drawn = set()
    for _ in range(3):
        random.seed("the state in the snapshot")
        startup.after_restore()
        drawn.add(random.random())
    assert 3 == len(drawn)


def test_what_has_to_be_unique_comes_from_the_operating_system() -> None:
    """A snapshot holds the state of every other generator, ``random``'s and those of OpenSSL in ``cryptography``."""
    allowed = {"functions.core.messages.sealed": {"cryptography.hazmat.primitives.ciphers.aead.AESSIV"}}
    for path in (ROOT / "functions").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module == "functions.startup":
            continue
        for name in _imported(path):
            generates = name.split(".")[0] in ("random", "cryptography", "numpy") or name == "uuid.uuid1"
            assert not generates or name in allowed.get(module, set()) or "exceptions" in name, f"{module} uses {name}"


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_restored_process_reads_secrets_and_the_revision_of_the_definitions_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with mock_aws():
        places = create(boto3.client, values={"write-key": "before"})
        for name, value in {**places, "DEFINITIONS_MAX_AGE": "3600"}.items():
            monkeypatch.setenv(name, value)
        ports = wiring.ports()
        assert ("before",) == ports.secrets.get("write-key")
        assert 0 == wiring.ruleset().revision
        boto3.client("secretsmanager").put_secret_value(SecretId=os.environ["SECRET_WRITE_KEY"], SecretString="after")
        publish(wiring.context(), "segments", "viewers", SEGMENT, "test")
        assert ("before",) == ports.secrets.get("write-key")
        assert 0 == wiring.ruleset().revision

        startup.after_restore()

        assert ("after", "before") == ports.secrets.get("write-key")
        assert 1 == wiring.ruleset().revision


SNAPSHOT = """
import sys
from functions import entry, startup, topology
startup.before_snapshot(next(row for row in topology.FUNCTIONS if row.name == "collect"))
from functions.sources import SOURCES
print(*sorted(source.name for source in SOURCES.values() if source.reader in sys.modules))
"""


def test_a_snapshot_of_collect_has_loaded_what_reads_the_bodies_of_sdks_and_storefronts() -> None:
    row = next(row for row in FUNCTIONS if row.name == "collect")
    command = [sys.executable, "-c", SNAPSHOT]
    done = subprocess.run(command, cwd=ROOT, env=environment(row), capture_output=True, text=True, check=True)
    assert ["segment", *STOREFRONTS] == done.stdout.split()


def test_a_snapshot_is_taken_though_the_definitions_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    row = next(row for row in FUNCTIONS if row.name == "fold")
    with mock_aws(), wiring.use({**environment(row), "TABLE_DEFINITIONS": "nowhere"}):
        startup.before_snapshot(row)
    assert "a snapshot is taken without definitions" in caplog.messages
