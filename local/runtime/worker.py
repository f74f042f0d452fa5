"""The one thread in which every function runs: moto is not made for two."""

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

Slices = Generator[None, None, Any]


class Worker:
    """Runs jobs one after the other, and ``idle`` between them as long as it finds something to do.

    A job that takes long comes in slices: jobs that wait are run between two of them, and jobs in slices wait for
    each other. ``poll`` is how long to rest (seconds) before asking ``idle`` again; None rests until the next job.
    """

    def __init__(self, idle: Callable[[], bool], poll: float | None) -> None:
        self._idle = idle
        self._poll = poll
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._long: deque[tuple[Future[Any], Slices]] = deque()
        self._thread = threading.Thread(target=self._run, name="functions", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the job at hand."""
        self._jobs.put(None)
        self._thread.join(timeout=5)

    def submit(self, job: Callable[[], Any]) -> Future[Any]:
        """Run the job when those before it are done."""
        future: Future[Any] = Future()
        self._jobs.put((future, job))
        return future

    def submit_slices(self, slices: Slices) -> Future[Any]:
        """Run the job slice by slice, after the other long ones; the future has what it returns."""
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
