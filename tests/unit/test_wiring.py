"""The wiring: each environment its own adapters, each built when first asked for."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions import wiring
from functions.adapters.dynamodb.ledger import DynamoLedger
from functions.core.ports import Ports
from functions.settings import SettingsError
from functions.topology import FUNCTIONS
from functions.wiring import Wiring
from local.aws.resources import environment_of

ROOT = Path(__file__).parent.parent.parent
NAMES = [name for name in dir(Ports) if not name.startswith("_")]
PLACES = {
    f"{kind}_{name}".upper().replace("-", "_"): name
    for function in FUNCTIONS
    for kind, name in ((grant.kind, grant.name) for grant in function.grants)
}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    wiring.reset()
    yield
    wiring.reset()


def test_every_port_is_wired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with wiring.use({}) as ports:
        assert NAMES
        for name in NAMES:
            assert getattr(ports, name) is getattr(wiring.ports(), name)


def test_the_environment_in_use_holds_inside_the_block_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_NAME", "Outside")
    with wiring.use({"SHOP_NAME": "First"}) as first:
        with wiring.use({"SHOP_NAME": "Second"}):
            assert "Second" == wiring.ports().settings.shop_name
        assert first is wiring.ports()
        assert "First" == wiring.ports().settings.shop_name
    assert "Outside" == wiring.ports().settings.shop_name
    assert wiring.ports() is wiring.ports()


def test_the_same_environment_finds_the_same_adapters_until_reset() -> None:
    def inside() -> Wiring:
        with wiring.use({"SHOP_NAME": "First"}) as ports:
            return ports

    first, clients = inside(), wiring.clients()
    assert first is inside()
    wiring.reset()
    assert first is not inside()
    assert clients is not wiring.clients()


def test_a_resource_that_was_not_granted_is_named_when_it_is_used() -> None:
    tick = next(function for function in FUNCTIONS if function.name == "tick")
    with wiring.use(environment_of(tick, PLACES)) as ports:
        assert isinstance(ports.ledger, DynamoLedger)
        with pytest.raises(SettingsError, match="TABLE_MESSAGES is not set"):
            ports.ledger.of("p1")


def test_importing_the_wiring_imports_no_adapter_but_the_clients_and_how_they_read_rows() -> None:
    program = "import sys, functions.wiring; print([n for n in sys.modules if n.startswith('functions.adapters.')])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "['functions.adapters.answers', 'functions.adapters.clients']" == found.stdout.strip()


def test_the_environment_points_a_client_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9324")
    clients = wiring.clients()
    assert "http://127.0.0.1:4566" == clients.get("dynamodb").meta.endpoint_url
    assert "http://127.0.0.1:9324" == clients.get("sqs").meta.endpoint_url
    assert clients.get("sqs") is clients.get("sqs")


def test_importing_every_adapter_imports_no_stubs_of_the_sdk() -> None:
    names = sorted(_module(path) for path in ROOT.glob("functions/adapters/**/[!_]*.py"))
    program = f"import sys, {', '.join(names)}; print([n for n in sys.modules if 'mypy' in n or 'stubs' in n])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "[]" == found.stdout.strip()
