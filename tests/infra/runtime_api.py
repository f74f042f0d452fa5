"""Lambda's Runtime API, small: hands one function its events and keeps what it answers.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HANDLER = "functions.entry.handler"

_STARTS_WITHIN = 60


class FunctionFailed(AssertionError):
    """The function could not start, or answered with an error."""


@dataclass
class Invocations:
    """Events on their way in, answers on their way out, and what SnapStart does before the first of them.

    ``credentials`` are what a function with SnapStart is given before the snapshot and after it: it asks for them,
    since those of an environment would have ended in the meantime. ``given`` are their ids as they were asked for.
    """

    waiting: "queue.Queue[tuple[str, bytes]]" = field(default_factory=queue.Queue)
    answered: "queue.Queue[tuple[str, str, bytes]]" = field(default_factory=queue.Queue)
    timeout: int = 60
    snapshot_taken: threading.Event = field(default_factory=threading.Event)
    restored: threading.Event = field(default_factory=threading.Event)
    credentials: Sequence[Mapping[str, str]] = ()
    given: list[str] = field(default_factory=list)


class _Api(BaseHTTPRequestHandler):
    """One connection of the runtime client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    invocations: Invocations

    def do_GET(self) -> None:
        """.../invocation/next: waits until there is an event; .../restore/next: until the snapshot is restored."""
        if self.path == "/credentials":
            return self._credentials()
        if self.path.endswith("/restore/next"):
            self.invocations.snapshot_taken.set()
            self.invocations.restored.wait()
            return self._answer(200, b"", {})
        return self._next()

    def _credentials(self) -> None:
        found = self.invocations.credentials[self.invocations.restored.is_set()]
        self.invocations.given.append(found["AccessKeyId"])
        self._answer(200, json.dumps(found).encode(), {})

    def _next(self) -> None:
        request, event = self.invocations.waiting.get()
        deadline = int((time.time() + self.invocations.timeout) * 1000)
        self._answer(
            200,
            event,
            {
                "Lambda-Runtime-Aws-Request-Id": request,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:segue",
                "Lambda-Runtime-Trace-Id": "Root=1-5e1b4151-5ac6c58dc39a6b6f6a2d1f42;Sampled=0",
            },
        )

    def do_POST(self) -> None:
        """.../invocation/{id}/response, .../invocation/{id}/error or .../init/error."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        *_, request, kind = self.path.split("/")
        self.invocations.answered.put((kind, request, body))
        self._answer(202, b"{}", {})

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@dataclass
class Running:
    """A started function."""

    invocations: Invocations
    process: "subprocess.Popen[bytes]"
    log: Path

    def snapshot(self) -> None:
        """Wait until the function says that its snapshot may be taken; raises FunctionFailed with its log."""
        until = time.monotonic() + _STARTS_WITHIN
        while not self.invocations.snapshot_taken.wait(0.2):
            if self.process.poll() is not None or time.monotonic() > until:
                raise FunctionFailed(f"no snapshot; its log:\n{self.log.read_text()[-4000:]}")

    def restore(self) -> None:
        """Have the function go on as if from its snapshot."""
        self.invocations.restored.set()

    def invoke(self, event: Any, request: str = "first") -> Any:
        """What the function answers; raises FunctionFailed with its error and its log."""
        self.invocations.waiting.put((request, json.dumps(event).encode()))
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until and (self.process.poll() is None or not self.invocations.answered.empty()):
            try:
                kind, answered, body = self.invocations.answered.get(timeout=0.2)
            except queue.Empty:
                continue
            if (kind, answered) == ("response", request):
                return json.loads(body)
            raise FunctionFailed(f"{kind}: {body.decode()[:4000]}")
        raise FunctionFailed(f"no answer; its log:\n{self.log.read_text()[-4000:]}")


@contextmanager
def started(
    interpreter: Path,
    asset: Path,
    environment: Mapping[str, str],
    client: Sequence[Path],
    log: Path,
    credentials: Sequence[Mapping[str, str]] = (),
) -> Iterator[Running]:
    """The function as Lambda starts it: from the asset, with nothing else to import but the runtime client.

    With ``credentials`` it starts as it does with SnapStart.
    """
    invocations = Invocations(credentials=credentials)
    api = type("Api", (_Api,), {"invocations": invocations})
    server = ThreadingHTTPServer(("127.0.0.1", 0), api)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    given = {
        **environment,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(asset), *map(str, client)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": environment["FUNCTION"],
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if credentials else "on-demand",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/test",
        "AWS_LAMBDA_LOG_STREAM_NAME": "test",
        "LAMBDA_TASK_ROOT": str(asset),
        "_HANDLER": HANDLER,
    }
    if credentials:
        given["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://127.0.0.1:{server.server_port}/credentials"
        given["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "a token"
    # -S: without site-packages, so that what the asset lacks is missed here and not in Lambda.
    command = [str(interpreter), "-S", "-m", "awslambdaric", HANDLER]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=asset, env=given, stdout=output, stderr=output)
    try:
        yield Running(invocations, process, log)
    finally:
        process.kill()
        process.wait(10)
        server.shutdown()
        server.server_close()
