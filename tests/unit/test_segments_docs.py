"""The guides say what the records say; run as a script, this file writes docs/segments.md from them."""

import json
import re
from pathlib import Path

import pytest

from functions.core.segments.language import describe, parser
from functions.core.segments.registry import operators

DOCS = Path(__file__).parents[2] / "docs"
GUIDE, ADDING = DOCS / "segments.md", DOCS / "ADDING_AN_OPERATOR.md"
BEGIN, END = "<!-- operators: written from the records -->", "<!-- end of operators -->"


def section(operator):
    blocks = [f"```\n{text}\n```\n\n{said(text)}" for text in operator.examples]
    return "\n\n".join([f"### {operator.title}", operator.meaning, *blocks])


def said(text):
    node = parser.parse(text)
    return f"> {describe.people(node)}.\n>\n> `{parser.json_text(node)}`"


def written():
    before, _, rest = GUIDE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(map(section, operators().values())) + f"\n\n{END}{after}"


def test_the_guide_is_written_from_the_records():
    assert written() == GUIDE.read_text()


@pytest.mark.parametrize("operator", operators().values(), ids=operators())
def test_the_examples_of_an_operator_are_canonical_and_show_it(operator):
    assert operator.examples
    for example in operator.examples:
        assert example == parser.text(parser.parse(example))
        assert f'"op":"{operator.key}"' in parser.json_text(parser.parse(example))


@pytest.mark.parametrize(
    "text", re.findall(r"```segment\n(.*?)```", GUIDE.read_text() if GUIDE.exists() else "", re.DOTALL)
)
def test_every_condition_that_the_guide_shows_can_be_parsed(text):
    parser.parse(text)


def test_the_page_on_adding_an_operator_names_every_field_of_the_record():
    page = ADDING.read_text()
    fields = type(next(iter(operators().values()))).__dataclass_fields__
    assert [] == [name for name in fields if f"`{name}`" not in page]


def mail_events():
    """The properties of each event that our own messages make, by its name, from what SES reports."""
    found: dict[str, set[str]] = {}
    for path in (DOCS.parent / "tests/golden/sources/ses").glob("*.json"):
        for case in json.loads(path.read_text()):
            for event in case["expect"].get("events", []):
                found.setdefault(event["name"], set()).update(event["properties"])
    return found


def asked(node, events=()):
    """Each event that the condition names with each property that it asks of it."""
    if isinstance(node, list):
        for each in node:
            yield from asked(each, events)
    if not isinstance(node, dict):
        return
    events = node.get("events", events)
    yield from ((event, None) for event in node.get("events", ()))
    yield from (
        (event, node[name]) for name in ("property", "by", "of") if isinstance(node.get(name), str) for event in events
    )
    for each in node.values():
        yield from asked(each, events)


@pytest.mark.parametrize("text", [text for operator in operators().values() for text in operator.examples])
def test_an_example_about_our_messages_names_what_their_events_carry(text):
    carried = mail_events()
    for event, name in asked(json.loads(parser.json_text(parser.parse(text)))):
        if isinstance(event, str) and event.startswith("Email "):
            assert event in carried
            assert name is None or name in carried[event]


if __name__ == "__main__":
    GUIDE.write_text(written())
