"""Directories that are kept by the digest of what they were made from, so that processes may make them side by side."""

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
    """Return ``folder/<digest>``, filled unless it is there already. What nobody asked for in a week is deleted.

    It is filled under another name, beside, and renamed when it is complete. A rename does not replace a directory
    that holds something: whoever comes second keeps what the first one made, which is the same.
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
    """True if the directory is there; it then counts as used now."""
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
    """Delete what was not used for long: old directories, and those of processes that were killed on the way."""
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
