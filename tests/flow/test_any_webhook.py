"""docs/any-webhook.md done as it says: a source is declared, tried, published, sent to, and mended."""

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from tests.flow.guide import ROOT, compare, run

PAGE = (ROOT / "docs/any-webhook.md").read_text()
BLOCKS = [
    (language, dedent(block))
    for language, block in re.findall(r"^ *```(\w+)\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
]
SECRET = "SEGUE_SECRET_DECLARED"
# What a person does once, in another terminal: here the fixture does it.
UP = f"""{SECRET}='{{"till": "a secret of the till"}}' make up"""


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host knows the till's secret, as it is started on the page."""
    value = UP.partition("='")[2].rpartition("'")[0]
    assert {"till"} == json.loads(value).keys()
    monkeypatch.setenv(SECRET, value)


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path, environment: dict[str, str]) -> None:
    assert any(UP in block for _, block in BLOCKS)
    said = ""
    for language, block in BLOCKS:
        if language in ("yaml", "json"):
            _write(tmp_path, block, language)
        elif language == "sh":
            said = "".join(run(line, tmp_path, environment) for line in block.splitlines() if line != UP)
        elif language == "text":
            compare(block, said)
        else:
            assert "console" == language, "what needs an account in the cloud"


def _write(folder: Path, block: str, language: str) -> None:
    """The file that the first line names, which is a comment of YAML and no part of JSON."""
    head, _, rest = block.partition("\n")
    path = folder / head.removeprefix("# ").removeprefix("// ")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block if language == "yaml" else rest)
