"""Completion as shells have it: installed by the command, read by the shell, asked for with Tab."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# What each shell is asked, once its startup file is read, with the words that complete "segue pu".
ASKS = {
    "bash": 'source ~/.bashrc; COMP_WORDS=(segue pu); COMP_CWORD=1; _segue_completion segue; echo "${COMPREPLY[@]}"',
    # The first call of a function that zsh loads by itself defines what completes.
    "zsh": "source ~/.zshrc; _segue; _arguments() { print -r -- $@ }; words=(segue pu); CURRENT=2; _segue_completion",
}


@pytest.fixture
def home(tmp_path):
    """A home with the command in its PATH."""
    command = tmp_path / "bin/segue"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from cli.__main__ import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)
    return tmp_path


def run(shell, home, script):
    """What the shell prints; it may not end itself in favour of the command, whose parent is looked at."""
    environment = {"HOME": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    words = [shell, "-c", f"{script}\ntrue"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=home, check=True)
    return done.stdout


@pytest.mark.parametrize("shell", ASKS)
def test_a_shell_completes_once_completion_is_installed(home, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    assert "completion installed" in run(shell, home, "segue --install-completion")
    offered = run(shell, home, ASKS[shell])
    assert "pull" in offered and "push" in offered
    assert "pause" not in offered


@pytest.mark.parametrize("shell", ASKS)
def test_what_would_be_installed_can_be_read_first(home, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    shown = run(shell, home, "segue --show-completion")
    assert "_segue_completion" in shown
    assert not {".bashrc", ".zshrc"} & {each.name for each in home.iterdir()}
