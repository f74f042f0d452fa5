"""A local host in a process of its own, and Chromium to look at its page."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.demo.http_client import OverHttp
from tests.browser.page import Page

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Running:
    """``python -m local`` on a free port."""

    def __init__(self) -> None:
        environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "SEGUE_NOW": "2026-11-23T09:00:00Z"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Who is run in the background ignores Ctrl-C, and so would what they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (no threads yet)
        )
        self.said = ""
        self.url = self._wait()

    def _wait(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"Segue is at (http://\S+)", line):
                return found[1]
        raise AssertionError(self.said)

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; the exit code and everything that was said."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=20)
        return self.process.returncode, self.said + rest


@pytest.fixture
def running() -> Iterator[Running]:
    """A fresh host."""
    host = Running()
    yield host
    if host.process.poll() is None:
        host.process.kill()
        host.process.communicate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by playwright."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(running: Any, chromium: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    yield Page(context.new_page(), running.url)
    context.close()


@pytest.fixture
def shop_client(running: Any) -> OverHttp:
    return OverHttp(running.url)
