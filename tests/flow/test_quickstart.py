"""docs/quickstart.md done as it says: files written, commands run against a local host, answers compared."""

import re
from pathlib import Path

from tests.flow.guide import compare, run

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs/quickstart.md").read_text(), re.DOTALL)
# What a person does once, around the commands: here the test does it.
AROUND = ("make up", "source .venv/bin/activate")


def test_the_commands_of_the_quickstart_do_what_it_says(tmp_path: Path, environment: dict[str, str]) -> None:
    said = ""
    for language, block in BLOCKS:
        if language == "yaml":
            _write(tmp_path, block)
        elif language == "sh":
            said = "".join(run(line, tmp_path, environment) for line in block.splitlines() if line not in AROUND)
        else:
            assert "text" == language
            compare(block, said)
    assert {"sh", "yaml", "text"} == {language for language, _ in BLOCKS}


def _write(folder: Path, block: str) -> None:
    head = block.partition("\n")[0]
    path = folder / head.removeprefix("# ")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block)
