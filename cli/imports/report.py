"""The report of refused rows: CSV that a spreadsheet may open, which only its owner may read."""

import os
from pathlib import Path
from typing import IO, Self

from cli.errors import CliError
from functions.core.answers.exports import csv_line

HEAD = csv_line(["file", "row", "reason"])


class Report:
    """A report that is there once there is something to report; ``size`` (bytes) is what an interrupted one had."""

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        # What is behind the place of an interrupted import was written after it was kept, and is written again.
        if size:
            self._go_on(size)
        else:
            self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, file: str, row: int, reason: str) -> None:
        """Add a refused row."""
        self._opened().write(csv_line([file, row, reason]).encode())

    def size(self) -> int:
        """How many bytes are written for good."""
        if self._file is None:
            return 0
        self._file.flush()
        return self._file.tell()

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(number, "wb")
            self._file.write(HEAD.encode())
        return self._file

    def _remove(self) -> None:
        """Remove the report of an import before; raises CliError for a file that is none."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            if file.read(len(HEAD)) != HEAD.encode():
                raise CliError(f"{self.path} is no report of an import; --refused names another file")
        self.path.unlink()

    def _go_on(self, size: int) -> None:
        if not self.path.exists() or self.path.stat().st_size < size:
            raise CliError(f"{self.path} is gone or is another; import without --resume: what was taken stays one")
        self._file = self.path.open("r+b")
        self._file.truncate(size)
        self._file.seek(size)
