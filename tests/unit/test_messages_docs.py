"""docs/templates.md says what is there."""

import re
from pathlib import Path

from functions.core.definitions.template import load_template
from functions.core.messages.filters import NAMES
from functions.core.messages.language import TAGS

PAGE = (Path(__file__).resolve().parents[2] / "docs/templates.md").read_text()


def listed(word: str) -> set[str]:
    (found,) = re.findall(rf"^{word}: (.*?)\.", PAGE, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"\w+", found.partition(". ")[0]))


def test_every_filter_and_tag_is_listed():
    assert set(NAMES) == listed("Filters")
    assert set(TAGS) == listed("Tags")


def test_the_example_can_be_saved():
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert "restock" == load_template(example)["id"]
