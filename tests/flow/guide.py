"""A guide of docs/ followed: its commands run against a local host of their own, what they print compared."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def local_host(folder: Path) -> Iterator[int]:
    """A local host in a process of its own, as `make up` starts it; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = free.getsockname()[1]
    with (folder / "host.txt").open("wb") as said:
        environment = {**os.environ, "PORT": str(found)}
        host = subprocess.Popen([sys.executable, "-m", "local"], cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            _wait_for(found, host)
            yield found
        finally:
            host.terminate()
            host.wait(20)


def _wait_for(port: int, host: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert host.poll() is None
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_local/keys", timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the local host does not come up")


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """An environment in which ``segue`` is the command of this checkout."""
    command = folder / "bin" / "segue"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PORT": str(port)}


def run(line: str, folder: Path, environment: dict[str, str]) -> str:
    """What a command of the guide prints; it must succeed."""
    ran = subprocess.run(
        line, check=False, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert 0 == ran.returncode, (line, ran.stderr)
    return ran.stdout


def compare(told: str, said: str) -> None:
    """Every line of the page is said, in its order; … stands for what differs from run to run."""
    lines = iter(said.splitlines())
    for wanted in told.splitlines():
        pattern = ".*".join(map(re.escape, wanted.split("…")))
        assert any(re.fullmatch(f"{pattern}.*", line) for line in lines), (wanted, said)
