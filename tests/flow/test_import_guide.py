"""docs/import.md done as it says: its file written, its commands run against a local host, answers compared."""

import re
from pathlib import Path

from tests.flow.guide import compare, run

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r'```(\w+)(?: title="([^"]+)")?\n(.*?)```', (ROOT / "docs/import.md").read_text(), re.DOTALL)


def test_the_commands_of_the_guide_do_what_it_says(tmp_path: Path, environment: dict[str, str]) -> None:
    said = ""
    for language, file, block in BLOCKS:
        if file:
            (tmp_path / file).write_text(block)
        elif language == "sh":
            said = "".join(run(line, tmp_path, environment) for line in block.splitlines())
        else:
            assert "text" == language
            compare(block, said)
    assert {"sh", "csv", "text"} == {language for language, _, _ in BLOCKS}
