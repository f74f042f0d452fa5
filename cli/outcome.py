"""The outcome of a command: its exit code, and the line or JSON object about what stopped it."""

from types import ModuleType
from typing import Any

from cli import output
from cli.errors import CliError, Interrupted, report


def run(module: ModuleType, args: Any) -> int:
    """Run the command; what stops it is told as JSON if the command was to print JSON."""
    try:
        return int(module.run(args))
    except CliError as error:
        return stopped(error, as_json=args.json)
    except KeyboardInterrupt:
        return stopped(Interrupted(), as_json=args.json)
    except BrokenPipeError:
        raise
    except UnicodeError:
        # An argument or standard input; files say which they are.
        return stopped(CliError("what was given is not UTF-8 text"), as_json=args.json)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return stopped(CliError(reason), as_json=args.json)


def stopped(error: CliError, *, as_json: bool = False) -> int:
    """Print what stopped the command, and return the exit code for it."""
    if text := report(error, as_json=as_json):
        output.note(text if as_json else (text, "red"))
    return error.code
