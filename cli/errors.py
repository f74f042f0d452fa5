"""What stops a command, as a line for the person at the terminal."""

from typing import Any


class CliError(Exception):
    """What the person at the terminal must know; printed without a trace."""


class Unauthorised(CliError):
    """The host does not take the credential."""


class RefusedByHost(CliError):
    """The host answered 4xx; carries the faults that it named."""

    def __init__(self, status: int, faults: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(map(_told, faults)))
        self.status = status
        self.faults = faults


def _told(fault: dict[str, Any]) -> str:
    place = f"{fault['where']}: " if fault.get("where") else ""
    return f"{place}{fault.get('message')}{hint(fault.get('suggestion'))}"


def hint(suggestion: str | None) -> str:
    """A suggestion as words that one can type: one of several, or the only one."""
    if not suggestion:
        return ""
    is_list = ", " in suggestion and not set(suggestion) & set("[]{}()\"'")
    return f" (one of: {suggestion})" if is_list else f" (did you mean {suggestion}?)"


def describe(path: object, fault: dict[str, Any]) -> str:
    """A fault as compilers print it: file:line:column: message."""
    place = ":".join(str(part) for part in (path, fault.get("line"), fault.get("column")) if part)
    return f"{place}: {fault.get('message')}{hint(fault.get('suggestion'))}"
