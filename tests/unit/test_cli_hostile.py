"""Files that somebody hands over to be checked: refused with their place, and nothing of them steers the terminal."""

from pathlib import Path

import pytest

from cli.__main__ import main

BOMB = b"a: &a [1]\n" + b"".join(b"%c: &%c [%s]\n" % (i, i, b",".join([b"*%c" % (i - 1)] * 9)) for i in range(98, 112))
FILES = {
    "aliases that grow": (BOMB, "anchors and aliases are not used"),
    "a NUL": (b'id: a\nname: "a\x00b"\nwhen: did "A"\n', "this character may not stand in YAML"),
    "an escape sequence": (b'id: a\nname: "\x1b[2J"\nwhen: did "A"\n', "this character may not stand in YAML"),
    "half a pair": (b'id: a\nname: "\\ud83d"\nwhen: did "A"\n', "half of a surrogate pair"),
    "sixty thousand levels": (b"id: a\nname: " + b"[" * 60_000, "nested too deeply"),
    "ten million characters": (b"id: a\nname: " + b"a" * 10_000_000, "at most 65536 bytes"),
    "a long number": (b'id: a\nname: N\nwhen: did "A" at least ' + b"9" * 5_000 + b" times\n", ":3:"),
    "an enormous exponent": (b"id: a\nname: N\nwhen: 'sum of total over \"A\" > 1e999999999'\n", ":3:"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_definition_is_refused_with_its_place_and_sends_nothing_to_the_terminal(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body, says = FILES[kind]
    folder = tmp_path / "segments"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(body)
    assert 1 == main(["check", str(tmp_path)])
    told = capsys.readouterr()
    assert says in told.out + told.err
    assert len(told.out + told.err) < 30_000
    assert not {"\x00", "\x1b"} & {*told.out, *told.err}


def test_a_file_that_is_no_text_is_refused_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "a.yaml").write_bytes(b"\xff\xfe")
    assert main(["check", str(tmp_path)]) in (1, 2)
    assert "is not UTF-8 text" in capsys.readouterr().err
