"""Starts the host and serves it on this machine."""

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from functions.core.base.errors import UnknownDestination
from local.http.publish import NotPublished, publish_all
from local.http.web import application
from local.runtime.clock import ClockFault
from local.runtime.host import Host, running
from local.runtime.terminal import mute_telemetry, say
from local.runtime.worker import Worker

DEFAULT_PORT = 8787


class CannotServe(Exception):
    """The host cannot listen on the port; the text says what to do."""


# Errors that are printed in one line, without a traceback.
CANNOT = (CannotServe, ClockFault, NotPublished, UnknownDestination)


class Serving:
    """A host that answers at ``url`` until ``stop``."""

    def __init__(self, host: Host, worker: Worker, bound: socket.socket) -> None:
        config = uvicorn.Config(
            application(host, worker),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
            lifespan="off",
        )
        self.host = host
        self.worker = worker
        self._server = uvicorn.Server(config)
        self._bound = bound
        # An event and no join: Ctrl-C in a join makes Python 3.11 take the running thread for one that has ended.
        self._ended = threading.Event()

    def start(self) -> None:
        """Start answering requests."""
        self.worker.start()
        threading.Thread(target=self._run, name="http", daemon=True).start()

    def _run(self) -> None:
        try:
            self._server.run([self._bound])
        finally:
            self._ended.set()

    def stop(self) -> None:
        """Finish requests under way, then stop."""
        self._server.should_exit = True
        self._ended.wait(timeout=5)
        self.worker.stop()

    def wait(self) -> None:
        """Wait until Ctrl-C is pressed."""
        while not self._ended.wait(timeout=1):
            pass


@contextmanager
def serving() -> Iterator[Serving]:
    """Start a host with the shipped definitions published, and serve it inside the block; raises CannotServe."""
    bound = bind(port_wanted())
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    say("· starting AWS in this process (moto) and creating the tables, queues and secrets")
    with running(url) as host:
        published = publish_all(host)
        say(f"· published {len(published)} definitions: segments, templates and flows of a small shop")
        server = Serving(host, Worker(host.scheduler.step, None if host.cloud.clock.virtual else 0.5), bound)
        server.start()
        try:
            yield server
        finally:
            server.stop()
            bound.close()


def port_wanted() -> int:
    """The port in ``PORT``, or the default; raises CannotServe if it is not a port."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or int(text) > 65535:
        raise CannotServe(f"PORT={text} is not a port: use a number from 1 to 65535")
    return int(text)


def bind(port: int) -> socket.socket:
    """Bind a socket that only this machine reaches; raises CannotServe."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
        bound.listen(128)
    except OSError as error:
        bound.close()
        raise CannotServe(
            f"Port {port} cannot be used ({error.strerror}): another program has it, perhaps another run of this one.\n"
            f"Stop that program, or choose another port: PORT={port + 1} make up (or make demo)"
        ) from None
    return bound


def serve(begin: Callable[[Serving], None]) -> int:
    """Start a host, call ``begin`` with it, serve it until Ctrl-C; return the exit code."""
    mute_telemetry()
    try:
        with serving() as server:
            begin(server)
            server.wait()
    except CANNOT as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\n  Ended.")
    return 0


def main() -> int:
    """Serve until Ctrl-C; return the exit code."""
    return serve(lambda server: say(f"\n  Segue is at {server.host.url}      (Ctrl-C ends it; nothing is kept)\n"))
