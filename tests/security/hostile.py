"""Values that break programs, and every place of a body that they can be put into.

``VALUES`` are JSON values as Python has them; ``WORDS`` are literals of JSON that Python's own encoder would not write,
such as a number with a million as its exponent. ``mutated`` puts each of them in the place of every value, subtree and
key of a body.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

HALVES = ("\ud83d", "\ude00", "\ude00\ud83d", "a\ud83d", "\ud83dz", "x\udfff", "\ud83d\ud83d")
CONTROL = ("\0", "a\0b", "\x1b[31m", "\x7f", "\u2028", "\u2029", "\u202edrowssap", "\ufeff", "\ufffd", "\uffff", "\r\n")
LETTERS = ("e\u0301", "\u212a", "\u0130", "\u00df", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a" + "\u0301" * 500)
# Texts that are read as numbers by one program and not by another, and numbers beyond every bound.
NUMBERS = (
    *("NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "inf", "1e400", "1E+999999", "-1E+999999", "1E-999999", "-0"),
    *("1E+1000000", "1E+999999999999999999", "1E-999999999999999999", "9" * 30, "0." + "1" * 60, "9" * 5000, "0x10"),
    *("1_000", " 10 ", "1 000", "1,000.00", "\uff11\uff12", "\u0661\u0662\u0663", "\u00b2", "+5", "--5", "1e5", ".5"),
    *("999999999999999999999999.99999999", "-999999999999999999999999.99999999", "0.005", "-0.005"),
)
DATES = (
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:60Z"),
    *("2026-12-31T23:59:60Z", "2026-02-30T00:00:00Z", "2026-11-21T19:00:00.123456789012Z", "2026-11-21T19:00:00+99:99"),
    *(
        "2026-11-21T19:00:00+23:59",
        "2026-11-21",
        "20261121T190000Z",
        "2026-W47-6",
        "1795288320",
        "1969-12-31T23:59:59Z",
    ),
    *("2026-11-21T24:00:00Z", "2026-11-21T19:00:00,5Z", "2026-11-21T19:00:00\u2212 01:00"),
)
CURRENCIES = (
    "\u20ac",
    "XXX",
    "eur",
    "\u0130\u0130\u0130",
    "EU",
    "EURO",
    "\ud83dEU",
    "\u00df\u00df\u00df",
    "jpy",
    "CLF",
)
ZONES = ("../../etc/passwd", "Europe/../../x", "/etc/passwd", "Europe/Berlin\0", "europe/berlin", "Europe", "tzdata.zi")
ADDRESSES = (
    *("a@x.org\r\nBcc: all@x.org", "a@x.org\nBcc:b@x.org", '"a b"@x.org', "a@x.org,b@x.org", "<a@x.org>", "a@[::1]"),
    *("\u00e4@x.org", "a@b\u00fccher.example", "a@xn--bcher-kva.example", "a@x.org\0", "a@\ud83d.org", "a@x.org;b"),
    *("A@X.ORG", "a" * 400 + "@x.org", "a@" + "x." * 300 + "org", "a@x..org", "\u202ea@x.org", "a\ufffd@x.org", "a@@x"),
)
IDS = (
    *("a|b", "a#b", "a:b", "a\nb", "a/b", "email:ann@x.org", "user_id:1", "2026-11-21T19:00:00.000Z#m", "~#m", "a_0_0"),
    *("gid://shopify/Customer/", "gid://shopify/Customer/7?x", "gid://shopify/Order/\ud83d", "#", "##1", "", " ", "0"),
    *("null", "undefined", "{}", "00000000-0000-0000-0000-000000000000", "i" * 511, "i" * 513, "\u20ac" * 200),
)
MARKUP = (
    *("{{ shop.name }}", "{% for a in (1..1000000000) %}x{% endfor %}", "{{", "{%", "}}", "{{ 1 | times: 1e400 }}"),
    *("<script>alert(1)</script>", "<mj-raw>", "&#0;", "]]>", "</mj-text>", "'; DROP TABLE log;--", "${jndi:ldap://x}"),
)
NAMES = ("__proto__", "constructor", "S", "N", "B", "NULL", "pk", "sk", "a.b", "a[]", "products[].price", "$ref", "")
TEXTS = (
    *HALVES,
    *CONTROL,
    *LETTERS,
    *NUMBERS,
    *DATES,
    *CURRENCIES,
    *ZONES,
    *ADDRESSES,
    *IDS,
    *MARKUP,
    *NAMES,
    *("https://x.org/\ud83d", "javascript:alert(1)", "https://", "https://[", "http://" + "x" * 3000, "x" * 20_000),
)


def nested(depth: int, of: Any = "x") -> Any:
    """Lists and objects in turn, ``depth`` levels of them."""
    for level in range(depth):
        of = [of] if level % 2 else {"a": of}
    return of


VALUES: tuple[Any, ...] = (
    *TEXTS,
    *(None, True, False, 0, -1, 1, 7.5, -7.5, 0.1, 1e300, -1e300, 1e-300, 2**31, 2**53 + 1, 2**63, -(2**64), 10**38),
    *(10**39, 10**23, 10**24, 10**120, 10**125, 10**4000, 1_795_288_320, 1_795_288_320_000, 1_795_288_320_000_000_000),
    *([], {}, [None], [[]], [{}], {"": None}, [0], ["x"], {"a": 1}, [True, "x", 1, None, [], {}], ["\ud83d"]),
    *(
        {"\ud83d": 1},
        {f"a{half}": half for half in HALVES},
        {"__proto__": {"a": 1}},
        {"S": "x"},
        {"N": "NaN"},
        {"L": [{"NULL": True}]},
    ),
    *(
        nested(10),
        nested(22),
        nested(200),
        nested(30, {}),
        [["x"] * 50] * 20,
        {f"k{each}": each for each in range(300)},
    ),
)
# Literals of JSON or of what programs take for JSON, each written where the mark stands.
WORDS = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1E+999999", "1E-999999", "1E+1000000", "1E-1000000", "-0"),
    *("-0.0", "1E999999999999999999999", "1E-999999999999999999999", "0." + "1" * 39, "1." + "9" * 37, "9" * 4300),
    *(
        "9" * 4301,
        "9" * 38,
        "9" * 39,
        "1e23",
        "1e24",
        "1e120",
        "1e121",
        "1e-120",
        "1e-130",
        "0.1",
        "1" * 24 + "." + "9" * 14,
    ),
    *('"\\ud83d"', '"\\uD83D\\uD83D"', '"\\udc00x"', '{"\\ud83d":1}', '{"a":1,"a":2}', "[" * 1000 + "]" * 1000),
)
_MARK = "\u2603 the place of a literal"

Place = tuple[str | int, ...]


def paths(body: Any, at: Place = ()) -> Iterator[Place]:
    """The place of every value in the body, itself and its subtrees included; of a list only the first members."""
    yield at
    inner = body.items() if isinstance(body, Mapping) else enumerate(body[:2]) if isinstance(body, list) else ()
    for key, value in inner:
        yield from paths(value, (*at, key))


def put(body: Any, path: Place, value: Any) -> Any:
    """A copy of the body with the value at the path."""
    if not path:
        return value
    first, *rest = path
    if isinstance(body, Mapping):
        return {**body, first: put(body[first], tuple(rest), value)}
    return [put(each, tuple(rest), value) if place == first else each for place, each in enumerate(body)]


def renamed(body: Any, path: Place, name: str) -> Any:
    """A copy of the body with the last key of the path replaced by the name."""
    *outer, last = path
    holder = got(body, tuple(outer))
    return put(body, tuple(outer), {name if key == last else key: value for key, value in holder.items()})


def got(body: Any, path: Place) -> Any:
    """The value at the path."""
    for step in path:
        body = body[step]
    return body


def mutations() -> list[tuple[str, Any]]:
    """What may be done at one place: put a value there, write a literal there, or give its key another name."""
    return [
        *(("value", each) for each in VALUES),
        *(("word", each) for each in WORDS),
        *(("key", each) for each in (*HALVES, *CONTROL, *NAMES, "k" * 3000)),
    ]


def mutated(body: Any, path: Place, mutation: tuple[str, Any]) -> bytes:
    """The body as JSON with the mutation done at the path."""
    kind, value = mutation
    if kind == "word":
        return json.dumps(put(body, path, _MARK)).replace(json.dumps(_MARK), value).encode()
    if kind == "key" and path and isinstance(path[-1], str):
        return json.dumps(renamed(body, path, value)).encode()
    return json.dumps(put(body, path, value)).encode()
