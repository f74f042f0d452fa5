"""Builds the asset that Lambda runs: the pinned wheels for its platform and ``functions/``, compiled.

``python -m infra.bundle`` builds what is deployed, in ``build/lambda``; ``--host PYTHON`` builds the same layout with
that interpreter's own wheels, for emulators that run the handlers on this machine. Nothing is built while its
inputs are unchanged, and the same inputs give the same digest everywhere. Several may build at the same time.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra import finished, trim

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PYTHON = "3.13"

# css-inline has no wheel for arm64 but the manylinux_2_24 one: without that tag pip takes a release of years ago.
_PLATFORMS = ("manylinux2014_aarch64", "manylinux_2_24_aarch64", "manylinux_2_28_aarch64")
_ON_LAMBDA = "/var/task"

_UNCOMPILED = (
    f"warning: no python{PYTHON} here, so the asset has no byte code: functions start about twice as slowly. "
    f"Install Python {PYTHON} (it need not be the one that runs this) and synthesise again.\n"
)


class BundleError(RuntimeError):
    """The asset cannot be built; says what is missing."""


@dataclass(frozen=True, slots=True)
class Target:
    """The platform whose wheels to take, and the interpreter that compiles; ``compiler`` None ships sources only.

    ``recipe`` identifies what pip would choose; the digest depends on it and on nothing else of this machine.
    """

    name: str
    recipe: str
    pip: tuple[str, ...]
    interpreter: str
    compiler: str | None


@dataclass(frozen=True, slots=True)
class Asset:
    """A finished directory and the digest of everything it was made from."""

    path: Path
    digest: str


def lambda_target() -> Target:
    """The target for Lambda: arm64 on its Python, whatever this machine is."""
    platforms = [argument for name in _PLATFORMS for argument in ("--platform", name)]
    wheels = (*platforms, "--implementation", "cp", "--python-version", PYTHON, "--only-binary=:all:")
    return Target("lambda", " ".join(wheels), wheels, sys.executable, find_compiler())


def host_target(interpreter: str) -> Target:
    """The target for an interpreter of this machine: its own platform and version."""
    recipe = f"{_version(interpreter)} {platform.platform()}"
    return Target("lambda-local", recipe, ("--only-binary=:all:",), interpreter, interpreter)


def find_compiler() -> str | None:
    """Find an interpreter of Lambda's minor version; Lambda ignores byte code of another one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = (
        sys.executable,
        shutil.which(f"python{PYTHON}"),
        *sorted(map(str, pyenv.glob(f"{PYTHON}.*/bin/python"))),
    )
    return next((each for each in candidates if each and _version(each) == PYTHON), None)


def build(target: Target) -> Asset:
    """Build the asset, unless one of the same inputs exists."""
    if target.compiler is None:
        sys.stderr.write(_UNCOMPILED)
    libraries = _libraries(target)
    sources = {path: path.read_bytes() for path in _sources()}
    digest = _digest([libraries.digest], sources)

    def fill(work: Path) -> None:
        shutil.copytree(libraries.path, work, dirs_exist_ok=True, copy_function=os.link)
        for source, content in sources.items():
            copy = work / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
        _compile(target, work, work / "functions")

    return Asset(finished.directory(BUILD / target.name, digest, fill), digest)


def _libraries(target: Target) -> Asset:
    """Install the wheels in a directory of their own, so that a change of our code does not fetch them again."""
    recipe = [target.recipe, f"compiled: {target.compiler is not None}", *sorted(trim.services())]
    files = (ROOT / "requirements.txt", *(ROOT / "infra" / name for name in ("bundle.py", "trim.py")))
    digest = _digest(recipe, {path: path.read_bytes() for path in files})

    def fill(work: Path) -> None:
        _install(target, work)
        trim.trim(work)
        _compile(target, work, work)

    return Asset(finished.directory(BUILD / f"{target.name}-libraries", digest, fill), digest)


def _install(target: Target, work: Path) -> None:
    command = [target.interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-deps", "--require-hashes", "--target", str(work), *target.pip]
    command += ["-r", str(ROOT / "requirements.txt")]
    process = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (no shell, fixed words)
    if process.returncode:
        raise BundleError(f"pip could not fetch the wheels of {target.name}:\n{process.stderr.strip()[-2000:]}")


def _compile(target: Target, root: Path, part: Path) -> None:
    """Write byte code that is never checked against its source, the same bytes on every machine."""
    if target.compiler is None:
        return
    command = [target.compiler, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(root), "-p", _ON_LAMBDA, str(part)]
    # The order inside frozen sets follows the hash seed, and it is written into the byte code.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    process = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 (as above)
    if process.returncode:
        raise BundleError(f"does not compile for {target.name}:\n{(process.stdout + process.stderr).strip()[-2000:]}")


def _sources() -> list[Path]:
    files = (path for path in (ROOT / "functions").rglob("*") if path.is_file())
    return sorted(path for path in files if "__pycache__" not in path.parts and path.suffix != ".md")


def _digest(words: Sequence[str], files: Mapping[Path, bytes]) -> str:
    total = hashlib.sha256("\n".join(words).encode())
    for path, content in files.items():
        total.update(f"\n{path.relative_to(ROOT).as_posix()}\n".encode())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _version(interpreter: str) -> str | None:
    """The interpreter's version, such as ``3.13``; None if it does not run, such as a version manager's empty shim."""
    if interpreter == sys.executable:
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    ask = [interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        process = subprocess.run(ask, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 (as above)
    except OSError:
        return None
    return process.stdout.strip() if process.returncode == 0 else None


def main() -> None:
    """Build the asset and print its directory."""
    parser = argparse.ArgumentParser(prog="python -m infra.bundle", description=__doc__)
    parser.add_argument("--host", metavar="PYTHON", help="take this interpreter's own wheels instead of Lambda's")
    options = parser.parse_args()
    try:
        asset = build(host_target(options.host) if options.host else lambda_target())
    except BundleError as error:
        sys.exit(f"bundle: {error}")
    sys.stdout.write(f"{asset.path.relative_to(ROOT)} {asset.digest[:12]}\n")


if __name__ == "__main__":
    main()
