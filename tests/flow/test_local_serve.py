"""Ending the local host."""

import signal
import threading

import pytest

from local.http.serve import serving


@pytest.fixture
def interrupts(monkeypatch):
    """Ctrl-C raises KeyboardInterrupt here, also where the tests run in the background; any port is good."""
    monkeypatch.setenv("PORT", "0")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press_ctrl_c() -> None:
    thread = threading.main_thread().ident
    assert thread
    signal.pthread_kill(thread, signal.SIGINT)


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_ends_the_host_only_when_its_server_has_ended():
    with pytest.raises(KeyboardInterrupt), serving() as server:
        threading.Timer(0.3, press_ctrl_c).start()
        server.wait()
    assert "http" not in {thread.name for thread in threading.enumerate()}
