"""Finds the command that was asked for, runs it, and turns whatever stops it into a line and an exit code."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from cli import commands
from cli.errors import CliError

# What the exit code says (docs/cli.md).
DONE, REFUSED, IMPOSSIBLE, INTERRUPTED, CLOSED = 0, 1, 2, 130, 141
_OURS = ("batch", "cli", "functions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return code
    except CliError as error:
        return _impossible(str(error))
    except ModuleNotFoundError as error:
        return _impossible(_missing(error))
    except BrokenPipeError:
        # Whoever read our output has enough, as `head` does. Python would complain at exit, too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except OSError as error:
        return _impossible(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return INTERRUPTED


def names() -> list[str]:
    """The commands: every module of ``cli.commands`` is one, so a new one is a new file."""
    return sorted(module.name for module in iter_modules(commands.__path__))


def parser() -> ArgumentParser:
    """Every command with its arguments; a command's help is its module's docstring."""
    root = ArgumentParser(prog=program(), description="Definitions, people and messages of a Segue host.")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="command")
    for name in names():
        module = _module(name)
        summary = (module.__doc__ or "").strip()
        command = subparsers.add_parser(name, help=summary.splitlines()[0], description=summary)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return root


def program() -> str:
    """What the person typed to get here."""
    return "python -m cli" if os.path.basename(sys.argv[0]) in ("__main__.py", "-m") else "segue"  # noqa: PTH119


def _run(arguments: list[str]) -> int:
    if arguments and not arguments[0].startswith("-") and arguments[0] not in names():
        raise CliError(_unknown(arguments[0]))
    args = parser().parse_args(arguments)
    return int(args.run(args))


def _module(name: str) -> ModuleType:
    return import_module(f"{commands.__name__}.{name}")


def _unknown(word: str) -> str:
    near = get_close_matches(word, names(), 1)
    hint = f"did you mean `{program()} {near[0]}`?" if near else f"there are {', '.join(names())}"
    return f"there is no command {word!r}; {hint}"


def _missing(error: ModuleNotFoundError) -> str:
    """Which package this Python lacks, and where one is that has it; one of ours that is missing is a fault of ours."""
    name = (error.name or "").partition(".")[0]
    if name in _OURS:
        raise error
    return (
        f"this Python ({sys.executable}) lacks {name}: use .venv/bin/segue, which `make up` installs here, "
        "or install the command with `uv tool install .`"
    )


def _impossible(reason: str) -> int:
    print(reason, file=sys.stderr)
    return IMPOSSIBLE
