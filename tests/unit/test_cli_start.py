"""What the command line imports before it does something: what a command does not need is not waited for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DRAWS = {"rich"}
SPEAKS = {"httpx"}
CHECKS = {"pydantic_settings", "lark", "liquid", "yaml"}


def imported(*arguments):
    """The packages that are there once the command has ended, with nothing to draw on."""
    script = (
        "import sys; from cli.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    words = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["nosuch"], DRAWS | SPEAKS | CHECKS),
        (["--help"], SPEAKS | CHECKS),
        (["push", "/nowhere"], DRAWS | SPEAKS | CHECKS),
        # httpx brings rich for a command of its own where click is installed, as it is here.
        (["backfills", "--url", "http://127.0.0.1:1"], CHECKS),
        (["push", "definitions", "--url", "http://127.0.0.1:1"], CHECKS),
        (["check", "definitions/events"], SPEAKS | DRAWS),
    ],
)
def test_what_a_command_does_not_need_is_not_imported(arguments, spared):
    assert set() == imported(*arguments) & spared


def test_help_of_all_commands_imports_none_of_them():
    script = "import sys; from cli.__main__ import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert [] == [name for name in done.stderr.split() if name.startswith("cli.commands.")]
