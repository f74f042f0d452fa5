import pytest

from functions.core.base import spans
from functions.core.base.errors import Malformed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 hour", 3_600),
        ("24h", 86_400),
        ("1h30m", 5_400),
        ("2 weeks", 1_209_600),
        ("90 Seconds", 90),
        ("1 d 2 h", 93_600),
    ],
)
def test_a_span_is_read_as_people_write_it(text, seconds):
    assert seconds == spans.parse(text)


@pytest.mark.parametrize(("text", "suggestion"), [("1 month", "30 days"), ("2 years", "365 days"), ("soon", "1 hour")])
def test_a_span_without_a_fixed_length_is_refused_with_what_would_be_right(text, suggestion):
    with pytest.raises(Malformed) as refused:
        spans.parse(text)
    assert suggestion == refused.value.faults[0].suggestion


@pytest.mark.parametrize("text", ["1 hour", "2 days", "90 seconds", "3 weeks"])
def test_text_and_seconds_are_each_others_inverse(text):
    assert text == spans.text(spans.parse(text))
