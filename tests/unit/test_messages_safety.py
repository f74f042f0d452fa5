"""Whatever people, shops and templates say, a message stays a message."""

import time
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import Unsendable
from functions.core.base.events import Event
from functions.core.definitions.template import load_template
from functions.core.messages import mime, render, unsubscribe
from functions.core.messages.safety import header, link, links
from functions.core.messages.template_variables import Facts, ShopDetails
from tests.unit.strategies import at_most

LINK = "https://mail.shop.example/u/u1.abc.def"
TEMPLATE = load_template(
    {
        "id": "t",
        "name": "T",
        "kind": "marketing",
        "subject": 'Hi {{ first_name | default: "there" }} {{ cart.lines.first.name | truncate: 30 }}',
        "body": """<mj-section><mj-column><mj-table>
            {% if traits.count > 3 %}<tr><td>many</td></tr>{% endif %}
            {% for line in cart.lines %}<tr><td><a href="{{ line.url | default: cart.url }}" title="{{ line.name }}">
              <img src="{{ line.image_url }}" alt="{{ line.name | upcase }}"></a>
              {{ line.name | append: traits.tail | replace: "a", line.variant }}
              {{ line.price | money }}</td></tr>{% endfor %}
            </mj-table><mj-text>{{ traits.note | newline_to_br }} {{ traits.day | date: "full" }} {{ event.x.y.z }}
            {{ event.any | money }} {{ event.any | join: "," | url_encode }} {{ event.any | times: 3 | round: 2 }}
            </mj-text><mj-button href="{{ event.link }}">{{ shop.name }}</mj-button></mj-column></mj-section>""",
    }
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.floats()
    | st.text(alphabet=st.characters())
    | st.sampled_from(
        ['"><script>', "javascript:x", "{{ email }}", "{% if %}", "\r\nBcc: a@b.c", "\ud800", "a" * 5000]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def facts(traits=None, properties=None, **more):
    event = Event("Checkout Started", 0, 0, ("email:ann@x.org",), "s", "test", properties or {})
    return Facts(ShopDetails("Shop & Co", "https://shop.example"), "ann@x.org", LINK, event, traits or {}, **more)


class Structure(HTMLParser):
    """The elements and attribute names of a page, and its links."""

    def __init__(self, html):
        super().__init__()
        self.names, self.targets = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append((tag, *sorted(name for name, _ in attrs)))
        self.targets += [value for name, value in attrs if name in ("href", "src")]


def built(rendered, seed="c", **more):
    envelope = {
        "sender": "Shop <shop@shop.example>",
        "recipient": "ann@x.org",
        "unsubscribe_url": LINK,
        "list_id": "cart.shop.example",
    }
    return mime.build(rendered, mime.Envelope(**{**envelope, **more}), now=1_700_000_000, seed=seed)


def parsed(raw):
    return message_from_bytes(raw, policy=default)


PLAIN = Structure(
    render.render(TEMPLATE, facts({"count": 1}, {"products": [{"product_id": "1", "name": "x"}]})).html
).names


@at_most(150)
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("first_name", "note", "tail", "day", "count", "locale", "name"), anything)
    ),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("any", "link", "total", "currency", "x", "checkout_url"), anything)
    ),
    st.dictionaries(st.sampled_from(["product_id", "name", "price", "quantity", "variant", "url", "image"]), anything),
)
def test_no_trait_or_property_breaks_out_of_the_page_adds_a_header_or_raises(traits, properties, line):
    rendered = render.render(TEMPLATE, facts(traits, {**properties, "products": [{"product_id": "1", **line}]}))
    page = Structure(rendered.html)
    assert set(PLAIN) >= {name for name in page.names if name != ("br",)} - {("tr",), ("td",)}
    assert all(link(target) or target in ("", "#") for target in page.targets)
    message = parsed(built(rendered))
    assert ["From", "To", "Subject", "Date", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"] == (
        message.keys()[:7]
    )
    assert "Bcc" not in message
    assert rendered.subject == str(message["Subject"])
    assert rendered.html.split() == message.get_body(("html",)).get_content().split()


@given(st.text(alphabet=st.characters()))
def test_a_header_is_one_line_that_can_be_encoded(text):
    line = header(text)
    assert line == line.strip()
    assert not set(line) & set("\r\n\x00\x85\u2028\u2029\u202e")
    assert len(line) <= 250
    line.encode()


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "JAVASCRIPT:x", "java\nscript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x", "file:///x",
     "jav&#x09;ascript:x", " https", "tel:1", "blob:x", "/rooted", "x/y"],
)  # fmt: skip
def test_links_of_other_kinds_do_not_survive(address):
    assert '<a href="#">' == links(f'<a href="{address}">')


@pytest.mark.parametrize("address", ["https://a.example", "HTTP://a.example", "mailto:a@b.example", "#top", ""])
def test_links_of_the_web_survive(address):
    assert f'<a href="{address}">' == links(f'<a href="{address}">')


GROWTH = '{% assign a = "xxxxxxxxxxxxxxxxxxxx" %}' + "{% assign a = a | append: a %}" * 60
WORK = '{{ "' + "x" * 5000 + '" | split: "" | join: "" }}'
BOMBS = {
    "loops": "{% for a in (1..999) %}{% for b in (1..999) %}x{% endfor %}{% endfor %}",
    "output": "{% for a in (1..999) %}" + "x" * 2000 + "{% endfor %}",
    "append": GROWTH,
    "prepend": GROWTH.replace("append", "prepend"),
    "replace": '{{ "' + "x" * 20_000 + '" | replace: "x", "' + "y" * 20_000 + '" }}',
    "replace nothing": '{{ "' + "x" * 20_000 + '" | replace: "", "' + "y" * 20_000 + '" }}',
    "join": '{% assign l = "' + "x" * 20_000 + '" | split: "" %}{{ l | join: "' + "y" * 20_000 + '" }}',
    "capture": "{% for a in (1..999) %}{% capture b %}{{ b }}{{ b }}xxxxxxxx{% endcapture %}{% endfor %}{{ b }}",
    "filters in loops": f"{{% for a in (1..999) %}}{WORK * 4}{{% endfor %}}",
}  # fmt: skip


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_bomb_stops_quickly_and_names_its_template(source):
    began = time.process_time()
    template = {"id": "bomb", "kind": "marketing", "subject": "Hi", "html": source, "text": ""}
    with pytest.raises(Unsendable, match=r"template bomb: html: .*(limit|too much|at most)"):
        render.render(template, facts())
    # Seconds of processor time: without its limit a bomb takes minutes or all memory.
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    "source", ["{{ (1..1000000000) | size }}", "{% for a in (1..1000000000) reversed %}x{% endfor %}"]
)
def test_a_range_that_would_fill_the_memory_is_not_built(source):
    template = {"id": "bomb", "kind": "marketing", "subject": "Hi", "html": source, "text": ""}
    with pytest.raises(Unsendable, match="range"):
        render.render(template, facts())


def test_a_number_of_too_many_digits_prints_nothing():
    template = {
        "id": "t",
        "kind": "marketing",
        "subject": "a{{ traits.n }}",
        "html": "",
        "text": "{{ 99 | times: traits.m }}",
    }
    rendered = render.render(template, facts({"n": 10**5000, "m": 10**23}))
    assert ("a", "\n") == (rendered.subject, rendered.text)


def test_no_clock_is_read():
    template = {"id": "t", "kind": "marketing", "subject": 'a{{ "now" | date: "%Y" }}', "html": "", "text": ""}
    assert "a" == render.render(template, facts()).subject


def test_the_one_click_headers_are_those_of_rfc_8058():
    raw = built(render.render(TEMPLATE, facts()))
    head = raw.partition(b"\r\n\r\n")[0].decode()
    assert f"\r\nList-Unsubscribe: <{LINK}>\r\n" in head
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert "\r\nList-Id: <cart.shop.example>\r\n" in head


def test_answers_go_where_the_shop_wants_them():
    message = parsed(built(render.render(TEMPLATE, facts()), reply_to="Help <help@shop.example>"))
    assert "Help <help@shop.example>" == str(message["Reply-To"])
    assert "Reply-To" not in parsed(built(render.render(TEMPLATE, facts())))


def test_a_long_unsubscribe_link_stays_on_one_line():
    claims = unsubscribe.Claims("p" * 20, f"{'a' * 60}@{'b' * 60}.example", "cart-recovery_" + "f" * 40 + "_1")
    url = f"https://mail.shop.example/u/{unsubscribe.seal('secret', claims)}"
    raw = built(render.render(TEMPLATE, facts()), unsubscribe_url=url)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in raw


def test_transactional_messages_carry_no_list_headers():
    message = parsed(built(render.render(TEMPLATE, facts()), unsubscribe_url=""))
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"} & set(message.keys())


def test_a_message_has_a_text_and_an_html_part_in_short_lines():
    raw = built(render.render(TEMPLATE, facts({"note": "ü" * 1000})))
    message = parsed(raw)
    assert "multipart/alternative" == message.get_content_type()
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in message.iter_parts()]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    raw.decode("ascii")


def test_the_same_message_is_the_same_bytes():
    rendered = render.render(TEMPLATE, facts())
    assert built(rendered) == built(rendered)
    assert built(rendered) != built(rendered, seed="another")


@given(st.text(max_size=80))
def test_any_display_name_comes_back_as_it_was_or_on_one_line(name):
    sender = f"{name.replace('<', '')} <shop@shop.example>"
    address = parsed(built(render.Rendered("Hi", "x", "x"), sender=sender))["From"].addresses
    assert ["shop@shop.example"] == [each.addr_spec for each in address]


@pytest.mark.parametrize(
    "recipient",
    ["ann@x.org, bob@x.org", "ann@x.org\r\nBcc: bob@x.org", "ann", "ann@x", "a b@x.org", "<ann@x.org", "ann@x.org>x",
     "änn@x.org", "ann@x..org", "@x.org", "ann@", '"a\\"@x.org', "ann@-x.org",
     f"{'a' * 65}@x.org", "ann@x\x00.org", ""],
)  # fmt: skip
def test_an_address_that_is_not_one_plain_address_is_refused_without_being_told(recipient):
    with pytest.raises(Unsendable) as refused:
        built(render.Rendered("Hi", "x", "x"), recipient=recipient)
    assert "To: not an address that mail can be sent to" == str(refused.value)


def test_an_international_domain_is_written_in_ascii():
    message = parsed(built(render.Rendered("Hi", "x", "x"), recipient="ann@bücher.example"))
    assert "ann@xn--bcher-kva.example" == str(message["To"])


def test_a_subject_with_emoji_arrives_as_it_was_written():
    message = parsed(built(render.Rendered("Für dich 🎉 " * 12, "x", "x")))
    assert ("Für dich 🎉 " * 12).strip() == str(message["Subject"])


def test_a_link_that_is_none_of_the_web_is_no_unsubscribe_link():
    with pytest.raises(Unsendable, match="List-Unsubscribe"):
        built(render.Rendered("Hi", "x", "x"), unsubscribe_url="https://x.example/>\r\nBcc: a@b.c")
