"""What GitHub reads: files are what their schemas say, and actions are pinned by their commits."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FILES = [
    *((path, "vendor.github-workflows") for path in WORKFLOWS),
    (ROOT / ".github/dependabot.yml", "vendor.dependabot"),
]


@pytest.mark.parametrize(("path", "schema"), FILES, ids=lambda each: getattr(each, "name", each))
def test_a_file_that_github_reads_is_what_its_schema_says(path: Path, schema: str) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_is_pinned_by_its_commit_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text())
    assert used
    assert [] == [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)]


def test_every_workflow_uses_the_same_commit_of_an_action() -> None:
    pinned = {each for path in WORKFLOWS for each in re.findall(r"uses: (.+)", path.read_text())}
    assert len(pinned) == len({each.partition("@")[0] for each in pinned})
