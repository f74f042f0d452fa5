"""The AWS that contract tests run on: moto in this process, or MiniStack in its own."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.adapters.clients import Clients

ROOT = Path(__file__).parent.parent
REGION = "eu-west-1"
ACCOUNT = "123456789012"
SENDER = "shop@shop.example"
CONFIGURATION_SET = "segue"

# boto's streams endpoint carries the account id otherwise, which moto does not answer.
MOTO = {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled", "AWS_DEFAULT_REGION": REGION}


def ministack_executable() -> Path | None:
    """MiniStack, from SEGUE_MINISTACK or the repository's own environment for it; None if it is not installed."""
    found = Path(os.environ.get("SEGUE_MINISTACK") or ROOT / ".venv-ministack/bin/ministack")
    return found if found.is_file() else None


@dataclass
class Aws:
    """A place to run on; ``url`` is empty for moto."""

    name: str
    clients: Clients
    url: str = ""


@contextmanager
def ministack(executable: Path, directory: Path, **settings: str) -> Iterator[str]:
    """A MiniStack of its own on a free port, stopped at the end; its URL."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        **settings,
    }
    with (directory / "ministack.log").open("wb") as output:
        process = subprocess.Popen([executable], env=environment, cwd=directory, stdout=output, stderr=output)
        try:
            yield _wait_for(f"http://127.0.0.1:{port}", process)
        finally:
            _stop(process)


def options_of(url: str) -> Mapping[str, Any]:
    """How a client reaches MiniStack."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return {"endpoint_url": url, "region_name": REGION, **keys}


def reset(url: str) -> None:
    """Empty MiniStack."""
    request = urllib.request.Request(f"{url}/_ministack/reset", method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=2).close()
            return url
        time.sleep(0.1)
    raise RuntimeError("MiniStack did not start: see ministack.log")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
