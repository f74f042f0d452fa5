"""Whatever a template says, its check ends in a moment: what nests or grows is refused before it is parsed."""

import time

import pytest

from functions.core.base.errors import DefinitionRefused, Unsendable
from functions.core.base.limits import (
    DEEPEST_MARKUP,
    LONGEST_BECAUSE,
    LONGEST_BODY,
    LONGEST_HEAD,
    LONGEST_PLAIN_TEXT,
    LONGEST_PREHEADER,
    LONGEST_SUBJECT,
    MOST_FAULTS,
)
from functions.core.definitions.template import load_template
from functions.core.messages.markup_check import Checker
from functions.core.messages.render import render
from functions.core.messages.sample import facts

# Seconds of the processor. What is measured takes a fraction of one; with a mistake it takes minutes.
GENEROUS = 30

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


# A part of the limit's length whose check took from ten seconds to hours; a piece is repeated, or stands in another.
PIECES = ["{{", "{%", "{{ x", "{% if a", "{{ 'a", "{{a}}", "{% raw %}", "{% doc %}", "{% comment %}", "{% if a %}"]
PIECES += ["{%x%}", "{{ first_name }}", "<", "<a", '<a "', "<a '\"", "<!--", "</a>", "<br>", "<zz>", "<mj-text>", " "]
PIECES += ["{% assign a = 1 %}", "{% assign a = 1 %}x", "&#32;", "<p a='b'>", "{% for a in (1..1000) %}{% endfor %}"]
LIMITS = {"subject": LONGEST_SUBJECT, "preheader": LONGEST_PREHEADER, "because": LONGEST_BECAUSE}
LIMITS |= {"body": LONGEST_BODY, "text": LONGEST_PLAIN_TEXT, "head": LONGEST_HEAD}


def outcome(**parts):
    """The faults of a template; none if it is taken."""
    try:
        load_template(template(**parts))
    except DefinitionRefused as error:
        return error.faults
    return []


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("part", ["body", "text", "head"])
def test_a_part_of_any_text_is_checked_in_a_moment(part, piece):
    written = piece * (LIMITS[part] // len(piece) - 20)
    began = time.process_time()
    faults = [*outcome(**{part: written}), *(outcome(body=BODY.format(written)) if part == "body" else ())]
    assert len(faults) <= 2 * MOST_FAULTS
    assert time.process_time() - began < GENEROUS


@pytest.mark.parametrize("part", LIMITS)
def test_a_part_that_is_too_long_is_refused_with_its_limit_before_it_is_parsed(part):
    [fault] = refused(**{part: "{{" * LIMITS[part]})
    assert f"{part} is text of at most {LIMITS[part]} characters" == fault.message


@pytest.mark.parametrize(
    ("written", "message", "place"),
    [
        ("a\n{{ b", "{{ is never closed with }}", (2, 1)),
        ("{{ email }}{% if x", "{% is never closed with %}", (1, 12)),
        ("x{% raw %}{% endraw %}", "unexpected tag 'raw'", (1, 5)),
        ("{{ email" + " " * 1_000 + "}}", "a tag or an output of Liquid has at most 1000 characters", (1, 1)),
        ("{{ email }}\n" * 1_001, "there are at most 1000 tags and outputs of Liquid", (1_001, 1)),
        (
            ("{{ email" + " " * 900 + "}}\n") * 23,
            "tags and outputs have at most 20000 characters together",
            (22, 1),
        ),
    ],
)
def test_liquid_that_would_take_long_is_refused_with_its_place(written, message, place):
    [fault] = refused(text=written)
    assert (message, place) == (fault.message, (fault.line, fault.column))


def test_the_first_faults_are_told_of_very_many():
    assert MOST_FAULTS == len(refused(text="{{ nobody }}" * 900))
    assert MOST_FAULTS == len(refused(body="<mj-foo />" * 5_000))


UNKNOWN = "".join(f"k{number}: 1\n" for number in range(200))


@pytest.mark.parametrize("text", ["a: 1\n" * 200, f"a: &a x\nb: [{'*a,' * 200}]", f"a: [{'!!x 1,' * 200}]", UNKNOWN])
def test_of_a_definition_with_very_many_faults_the_first_are_told(text):
    with pytest.raises(DefinitionRefused) as error:
        load_template(text)
    assert MOST_FAULTS == len(error.value.faults)


# Templates as they were published before there were limits: what is stored is the compiled text.
PUBLISHED = {
    "never closed": "{{" * 30_000,
    "blanks": "{{" + " " * 60_000 + "}}",
    "raw": "{% raw %}" * 6_000,
    "many loops": "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}" * 800,
    "loops side by side": "{% for a in (1..1000) %}{% endfor %}" * 1_600,
    "brackets": "{{ event" + "[event" * 9_000 + "]" * 9_000 + " }}",
    "a chain": "{% if email" + " and email" * 6_000 + " %}x{% endif %}",
}


@pytest.mark.parametrize("part", ["html", "text", "subject"])
@pytest.mark.parametrize("written", PUBLISHED.values(), ids=PUBLISHED)
def test_an_old_template_does_not_hold_up_who_sends_it(written, part):
    stored = {"id": "old", "kind": "transactional", "subject": "Hi", "html": "Hi", "text": "Hi", part: written}
    began = time.process_time()
    with pytest.raises(Unsendable, match=f"template old: {part}"):
        render(stored, facts({}, "transactional"))
    assert time.process_time() - began < GENEROUS


def test_blanks_in_a_message_are_taken_away_in_a_moment():
    stored = {"id": "old", "kind": "transactional", "subject": "Hi", "html": "Hi", "text": "a" + " " * 900_000 + "b"}
    began = time.process_time()
    assert render(stored, facts({}, "transactional")).text.endswith(" b\n")
    assert time.process_time() - began < GENEROUS


def test_rounds_of_loops_are_counted_together():
    once = "{% for a in (1..100) %}{% endfor %}"
    assert [] == outcome(text=once * 10 + "x")
    [fault] = refused(text=once * 11 + "x")
    assert "with its sample: text: loop iteration limit reached" == fault.message
