"""A cache of directories by the digest of their inputs, which several processes may fill at the same time."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_NAME = 16
# A synthesis reads a directory for seconds after it has asked for it; nothing else does.
_KEPT = 7 * 86_400


def directory(folder: Path, digest: str, fill: Callable[[Path], None]) -> Path:
    """Return ``folder/<digest>``, filled unless it exists; delete directories unused for a week.

    It is filled under a temporary name beside it, and renamed when complete. A rename does not replace a directory that
    is not empty: the second of two processes uses the first one's, which has the same contents.
    """
    path = folder / digest[:_NAME]
    if not _use(path):
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".", dir=folder))
        work.chmod(0o755)
        try:
            fill(work)
            _finish(work, path)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    _tidy(folder)
    return path


def _use(path: Path) -> bool:
    """Mark the directory as used now; return False if it does not exist."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _finish(work: Path, path: Path) -> None:
    try:
        work.rename(path)
    except OSError:
        if not _use(path):
            raise


def _tidy(folder: Path) -> None:
    """Delete what was not used for a week, including leftovers of processes that were killed."""
    for path in folder.iterdir():
        try:
            unused = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            continue
        if unused > _KEPT:
            _delete(path)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
