"""The bundle of all definitions: what was written is read, by this release and the next, and nothing else is."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb import bundle
from functions.adapters.dynamodb.bundle import Unusable
from functions.adapters.dynamodb.rows.bundle_parts import BundlePart
from functions.adapters.dynamodb.rows.current_versions import BundleName
from functions.core.definitions.records import Definition
from tests.unit.random_rows import RANDOM
from tests.unit.stored_rows import NOW, RECORDS

DEFINITIONS = list(RECORDS["definitions"].values())
# A bundle of the definitions above as format 1 has been written since it exists. It stays as it is: another content is
# another format, which this release refuses by its number.
WRITTEN = (
    "AY1U2w6CMAz9lz03psMNxV9Z9gACYlQwQ0KI2b/bTg0EJbqHpdnOzmnXizHU7gfOZEuhZd3AJQAS5CbRMfICBAV3qr58YKrw6oXz"
    "VH/UlXTsSdWI8tz0THOr0vpExnpKE0Eyp3njhAuzAFd6ZBSYYoZ7JJwxRsI2VogkElqdN2tBWcL3x7ZifFaUjSvYaq4h1bnwdE3j"
    "qLtQN+1GV4KvX6KOpu5K0L+j/lRnz/ySwOw/4lFgxkmD0KV9/ZxxS2x6yqb+S5J9AA=="
)
BODY = st.lists(RANDOM["definitions"], max_size=4)


def seen(definitions: list[Definition]) -> list[Definition]:
    return [replace(each, text="", author="") for each in definitions]


@given(BODY)
def test_what_is_written_is_read_but_for_texts_and_authors(definitions: list[Definition]) -> None:
    name, parts = bundle.write(definitions, NOW)
    assert seen(definitions) == bundle.read(name, parts[::-1])


def test_a_bundle_as_it_is_stored_today_is_read() -> None:
    content = base64.b64decode(WRITTEN)
    name, _ = bundle.write(DEFINITIONS, NOW)
    assert 1 == bundle.FORMAT == name.format
    name = BundleName(bundle.digest_of(content), 1, 1)
    assert seen(DEFINITIONS) == bundle.read(name, [BundlePart(name.digest, 0, content, NOW)])


def test_no_changed_byte_passes() -> None:
    name, (part,) = bundle.write(DEFINITIONS, NOW)
    for at in range(len(part.content)):
        changed = bytearray(part.content)
        changed[at] ^= 1
        with pytest.raises(Unusable, match="damaged"):
            bundle.read(name, [part._replace(content=bytes(changed))])


def test_a_part_that_is_not_there_is_missed() -> None:
    name, parts = bundle.write(DEFINITIONS, NOW)
    with pytest.raises(Unusable, match="missing"):
        bundle.read(name._replace(parts=2), parts)


@pytest.mark.parametrize("content", [b"\x1fof a dictionary to come", b"[[1]]", b"{}x", b"3", b'[["segments"]]'])
def test_a_whole_bundle_that_says_something_else_is_refused(content: bytes) -> None:
    name = BundleName(bundle.digest_of(content), 1, bundle.FORMAT)
    with pytest.raises(Unusable, match="format"):
        bundle.read(name, [BundlePart(name.digest, 0, content, NOW)])


def test_another_format_is_refused_by_its_number() -> None:
    name, _ = bundle.write(DEFINITIONS, NOW)
    bundle.check(name)
    with pytest.raises(Unusable, match="format"):
        bundle.check(name._replace(format=bundle.FORMAT + 1))
