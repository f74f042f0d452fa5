"""Whatever a template says, its check ends in a moment: what nests or grows is refused before it is parsed."""

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.base.limits import DEEPEST_MARKUP
from functions.core.definitions.template import load_template
from functions.core.messages.markup_check import Checker

BODY = "<mj-section><mj-column><mj-table>{}</mj-table></mj-column></mj-section>"


def template(**parts):
    return {
        "id": "t",
        "name": "T",
        "kind": "transactional",
        "subject": "Hi",
        "body": BODY.format("<tr><td>x</td></tr>"),
        **parts,
    }


def refused(**parts):
    with pytest.raises(DefinitionRefused) as error:
        load_template(template(**parts))
    return error.value.faults


def nested(depth, opening="<tr>", closing="</tr>"):
    return opening * depth + closing * depth


def test_elements_nested_by_the_thousand_are_refused_with_their_place_and_do_not_end_the_process():
    [fault] = refused(body=BODY.format(nested(6_500)))
    at = BODY.index("{}") + len("<tr>") * (DEEPEST_MARKUP - 3)
    assert ("the body may nest at most 100 elements", 1, at + 1) == (fault.message, fault.line, fault.column)


@pytest.mark.parametrize(
    ("opening", "closing"), [("<p>", "</p>"), ("<x-y>", "</x-y>"), ("{% if email %}<b>", "</b>{% endif %}")]
)
def test_whatever_nests_is_counted(opening, closing):
    faults = Checker(BODY.format(nested(200, opening, closing)), "body", "mj-body").check()
    assert "the body may nest at most 100 elements" in [each.message for each in faults]


def test_elements_nested_as_deeply_as_allowed_are_compiled():
    html = load_template(template(body=BODY.format(nested(DEEPEST_MARKUP - 3))))["html"]
    assert html.count("<tr><tr>") > 0
