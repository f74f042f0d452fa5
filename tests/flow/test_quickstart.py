"""docs/quickstart.md done as it says: files written, commands run against a local host, answers compared."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs/quickstart.md").read_text(), re.DOTALL)
# What a person does once, around the commands: here the test does it.
AROUND = ("make up", "source .venv/bin/activate")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A local host in a process of its own, as `make up` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = free.getsockname()[1]
    with (tmp_path / "host.txt").open("wb") as said:
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


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    """One in which ``segue`` is the command of this checkout."""
    command = tmp_path / "bin" / "segue"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PORT": str(port)}


def test_the_commands_of_the_quickstart_do_what_it_says(tmp_path: Path, environment: dict[str, str]) -> None:
    said = ""
    for language, block in BLOCKS:
        if language == "yaml":
            _write(tmp_path, block)
        elif language == "sh":
            said = "".join(_run(line, tmp_path, environment) for line in block.splitlines() if line not in AROUND)
        else:
            assert "text" == language
            _compare(block, said)
    assert {"sh", "yaml", "text"} == {language for language, _ in BLOCKS}


def _write(folder: Path, block: str) -> None:
    head = block.partition("\n")[0]
    path = folder / head.removeprefix("# ")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block)


def _run(line: str, folder: Path, environment: dict[str, str]) -> str:
    ran = subprocess.run(
        line, check=False, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert 0 == ran.returncode, (line, ran.stderr)
    return ran.stdout


def _compare(told: str, said: str) -> None:
    """Every line of the page is said, in its order; … stands for what differs from run to run."""
    lines = iter(said.splitlines())
    for wanted in told.splitlines():
        pattern = ".*".join(map(re.escape, wanted.split("…")))
        assert any(re.fullmatch(f"{pattern}.*", line) for line in lines), (wanted, said)
