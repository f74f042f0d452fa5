"""The bytes of a message, held against the standard library's parser, which reads them as mail clients do."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.messages import mime
from functions.core.messages.render import Rendered
from functions.core.messages.safety import header, text

LINK = "https://mail.shop.example/u/u1.abc.def" + "x" * 200
words = st.text(alphabet=st.characters(), max_size=200) | st.sampled_from(
    ["=?utf-8?q?Boss?=", "é" * 120, "Ann, Bo <c@d.e>", 'She said "so"', "back\\slash", "a" * 249, "żółć " * 40, "."]
)


def built(subject="Hi", html="<p>Hi</p>\n", plain="Hi\n", **more):
    envelope = {"sender": "Shop <shop@shop.example>", "recipient": "ann@x.org", "unsubscribe_url": LINK}
    return mime.build(
        Rendered(subject, html, plain), mime.Envelope(**{**envelope, **more}), now=1_700_000_000, seed="c"
    )


def parsed(raw):
    return message_from_bytes(raw, policy=default)


@given(words, words)
def test_subject_and_shown_name_arrive_as_they_were_written(subject, name):
    raw = built(header(subject), sender=f"{name} <shop@shop.example>")
    assert header(subject) == str(parsed(raw)["Subject"])
    # The newer parser leaves spaces between encoded words of a name.
    shown, address = parseaddr(message_from_bytes(raw)["From"])
    assert (header(name.strip().strip('"')), "shop@shop.example") == (str(make_header(decode_header(shown))), address)


@given(words, words)
def test_both_parts_arrive_as_they_were_written(plain, html):
    message = parsed(built(plain=text(plain), html=text(html)))
    assert not message.defects
    found = [(part.get_content_type(), part.get_payload(decode=True).decode()) for part in message.iter_parts()]
    written = [("text/plain", text(plain)), ("text/html", text(html))]
    assert [(kind, content.replace("\n", "\r\n")) for kind, content in written] == found


@given(words, words, words)
def test_lines_are_ascii_end_in_crlf_and_keep_to_78_characters_but_for_what_cannot_be_folded(subject, name, html):
    raw = built(header(subject), html=text(html), sender=f"{name} <shop@shop.example>")
    lines = raw.decode("ascii").split("\r\n")
    assert not any(mark in line for line in lines for mark in "\r\n")
    long = [line for line in lines if len(line) > 78]
    assert all(len(line) <= 998 for line in long)
    named = [line.partition(":")[0] for line in long if not line.startswith(" ")]
    assert {"List-Unsubscribe"} <= set(named) <= {"List-Unsubscribe", "From", "Subject"}


def test_the_whole_message_is_as_it_was_agreed():
    raw = built("Für dich", html="<p>Grüße = ok </p>\n", plain="Grüße \n.\n", list_id="cart.shop.example")
    assert raw.decode().split("\r\n") == [
        "From: Shop <shop@shop.example>",
        "To: ann@x.org",
        "Subject: =?utf-8?b?RsO8ciBkaWNo?=",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
        "Auto-Submitted: auto-generated",
        f"List-Unsubscribe: <{LINK}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Id: <cart.shop.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="=_2e7d2c03a9507ae265ecf5b5356885a5"',
        "",
        "--=_2e7d2c03a9507ae265ecf5b5356885a5",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Gr=C3=BC=C3=9Fe=20",
        "=2E",
        "",
        "--=_2e7d2c03a9507ae265ecf5b5356885a5",
        'Content-Type: text/html; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<p>Gr=C3=BC=C3=9Fe =3D ok </p>",
        "",
        "--=_2e7d2c03a9507ae265ecf5b5356885a5--",
        "",
    ]


@pytest.mark.parametrize("subject", ["=?utf-8?q?Free_money?=", "Ann =?utf-8?b?WA==?= left"])
def test_a_name_that_looks_encoded_is_shown_as_it_is(subject):
    assert str(parsed(built(subject))["Subject"]) == subject
