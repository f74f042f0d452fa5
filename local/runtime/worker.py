"""The one thread in which all functions run, since moto is not thread-safe."""

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

Slices = Generator[None, None, Any]


class Worker:
    """Runs jobs one after the other, and in between calls ``idle`` as long as it returns True.

    A long job comes in slices: waiting jobs are run between two slices, and sliced jobs wait for each other. ``poll``
    is how long to wait (seconds) before calling ``idle`` again; None waits until the next job.
    """

    def __init__(self, idle: Callable[[], bool], poll: float | None) -> None:
        self._idle = idle
        self._poll = poll
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._long: deque[tuple[Future[Any], Slices]] = deque()
        self._thread = threading.Thread(target=self._run, name="functions", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current job."""
        self._jobs.put(None)
        self._thread.join(timeout=5)

    def submit(self, job: Callable[[], Any]) -> Future[Any]:
        """Queue the job; the future has its result."""
        future: Future[Any] = Future()
        self._jobs.put((future, job))
        return future

    def submit_slices(self, slices: Slices) -> Future[Any]:
        """Queue a sliced job, which runs after other sliced jobs; the future has its result."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        accepted: Future[Any] = Future()
        self._jobs.put((accepted, lambda: self._long.append((future, slices))))
        return future

    def _run(self) -> None:
        busy = True
        while True:
            try:
                entry = self._jobs.get(block=not busy, timeout=None if busy else self._poll)
            except queue.Empty:
                busy = self._slice() if self._long else self._background()
                continue
            if entry is None:
                return
            _settle(*entry)
            busy = True

    def _slice(self) -> bool:
        future, slices = self._long[0]
        try:
            next(slices)
        except StopIteration as ended:
            self._long.popleft()
            future.set_result(ended.value)
        except BaseException as error:
            self._long.popleft()
            future.set_exception(error)
        return True

    def _background(self) -> bool:
        try:
            return self._idle()
        except Exception:
            # A fault of the host itself must be seen, and must not end the thread that everything runs in.
            traceback.print_exc()
            return False


def _settle(future: Future[Any], job: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(job())
    except BaseException as error:
        future.set_exception(error)
