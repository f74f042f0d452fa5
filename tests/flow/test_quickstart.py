"""Guides done as they say: files written, commands run against a local host, answers compared."""

import re
from pathlib import Path

import pytest

from tests.flow.guide import compare, run

ROOT = Path(__file__).parents[2]
GUIDES = {"quickstart": {"sh", "yaml", "text"}, "audience": {"sh", "yaml", "text", "html"}}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ASSIGNED = re.compile(r"^[A-Z]+=.*$", re.MULTILINE)
# What a person does once, around the commands: here the test does it.
AROUND = ("make up", "source .venv/bin/activate")


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_the_guide_do_what_it_says(guide: str, tmp_path: Path, environment: dict[str, str]) -> None:
    said, known = "", "set -e"
    blocks = BLOCK.findall((ROOT / f"docs/{guide}.md").read_text())
    for language, block in blocks:
        if language == "yaml":
            _write(tmp_path, block)
        elif language == "sh":
            commands = "\n".join(line for line in block.splitlines() if line not in AROUND)
            said = run(f"{known}\n{commands}", tmp_path, environment)
            # One terminal runs all of them.
            known = "\n".join([known, *ASSIGNED.findall(commands)])
        elif language == "text":
            compare(block, said)
    assert GUIDES[guide] == {language for language, _ in blocks}


def _write(folder: Path, block: str) -> None:
    head = block.partition("\n")[0]
    path = folder / head.removeprefix("# ")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block)
