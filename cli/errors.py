"""What stops a command, as text for the person at the terminal, and the exit codes. Standard library only.

CliError                it could not be done: 2
├── Interrupted         by Ctrl-C: 130
├── Unauthorised        the host does not take the credential
├── Unavailable         nobody answers, or the host cannot for now: the same request may be sent again
├── RefusedByHost       the host answered 4xx, with faults
└── Refusal             what was given is wrong, as was found here or by the host: 1
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

# What the exit code says (docs/cli.md).
DONE, REFUSED, IMPOSSIBLE, PARTLY, INTERRUPTED, CLOSED = 0, 1, 2, 3, 130, 141
_OURS = ("batch", "cli", "functions")

FaultView = dict[str, Any]


class CliError(Exception):
    """What the person at the terminal must know; printed without a trace."""

    code = IMPOSSIBLE
    faults: Sequence[FaultView] = ()


class Interrupted(CliError):
    """The command was stopped by Ctrl-C; it is reported only as JSON, since the user knows."""

    code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__("interrupted")


class Unauthorised(CliError):
    """The host does not take the credential."""


class Unavailable(CliError):
    """Nobody answers, or the host cannot answer now."""


class RefusedByHost(CliError):
    """The host answered 4xx; carries the faults that it named."""

    def __init__(self, status: int, faults: list[FaultView]) -> None:
        super().__init__("; ".join(map(_in_words, faults)))
        self.status = status
        self.faults = faults


class Refusal(CliError):
    """A definition, a condition or a withdrawal is refused; the text is what compilers print, a line a fault."""

    code = REFUSED

    def __init__(self, lines: Iterable[str], faults: Sequence[FaultView] = ()) -> None:
        super().__init__("\n".join(lines))
        self.faults = faults


def asks_for_json(arguments: Sequence[str]) -> bool:
    """True if the command line has --json, also one that cannot be read otherwise; behind ``--`` it is a word."""
    words = list(arguments)
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def report(error: CliError, *, as_json: bool) -> str:
    """What stopped the command as it is printed: its text, or one JSON object with the text and the faults."""
    if as_json:
        return json.dumps({"error": str(error), "faults": list(error.faults)}, ensure_ascii=False)
    return "" if isinstance(error, Interrupted) else str(error)


def _in_words(fault: FaultView) -> str:
    place = f"{fault['where']}: " if fault.get("where") else ""
    return f"{place}{fault.get('message')}{hint(fault.get('suggestion'))}"


def hint(suggestion: str | None) -> str:
    """A suggestion as words that one can type: one of several, or the only one."""
    if not suggestion:
        return ""
    is_list = ", " in suggestion and not set(suggestion) & set("[]{}()\"'")
    return f" (one of: {suggestion})" if is_list else f" (did you mean {suggestion}?)"


def describe(path: object, fault: FaultView) -> str:
    """A fault as compilers print it: file:line:column: message."""
    place = ":".join(str(part) for part in (path, fault.get("line"), fault.get("column")) if part)
    return f"{place}: {fault.get('message')}{hint(fault.get('suggestion'))}"


def missing_package(error: ModuleNotFoundError) -> CliError:
    """Which package this Python lacks, and where one is that has it; one of ours that is missing is a fault of ours."""
    name = (error.name or "").partition(".")[0]
    if name in _OURS:
        raise error
    return CliError(
        f"this Python ({sys.executable}) lacks {name}: use .venv/bin/segue, which `make up` installs here, "
        "or install the command with `uv tool install .`"
    )
