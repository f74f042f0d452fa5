"""Files of an import: whatever they are packed in and however they are written, and what is said of damaged ones."""

import gzip
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cli.errors import CliError
from cli.imports.parts import parts
from functions.sources.tabular.records import Refusal, Row

CSV = "email,city\nann@x.org,Köln\nbob@x.org,Bonn\n"
ROWS = [Row(2, {"email": "ann@x.org", "city": "Köln"}), Row(3, {"email": "bob@x.org", "city": "Bonn"})]


def rows(path, encoding=None):
    return [row for part in parts(path, encoding) for row in part.rows()]


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (CSV.encode(), None),
        (b"\xef\xbb\xbf" + CSV.encode(), None),
        (CSV.encode("utf-16"), None),
        (CSV.encode("cp1252"), "cp1252"),
        (CSV.replace(",", ";").replace("\n", "\r\n").encode(), None),
        (gzip.compress(CSV.encode()), None),
        (gzip.compress(CSV.encode("utf-16")), None),
    ],
    ids=("utf-8", "with a mark", "utf-16", "cp1252", "semicolons", "gzip", "gzip of utf-16"),
)
def test_the_same_rows_are_read_however_they_are_written(tmp_path, written, encoding):
    path = tmp_path / "people"
    path.write_bytes(written)
    assert ROWS == rows(path, encoding)


def test_lines_of_json_are_known_by_how_they_begin(tmp_path):
    path = tmp_path / "people.txt"
    path.write_bytes(gzip.compress(b'{"email": "ann@x.org", "at": {"city": "Bonn"}}\n'))
    assert [Row(1, {"email": "ann@x.org", "at.city": "Bonn"})] == rows(path)


def test_the_files_of_a_zip_are_read_in_the_order_of_their_names_without_what_systems_put_beside_them(tmp_path):
    path = tmp_path / "people.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("lists/b.csv", "a.csv", "__MACOSX/._a.csv", ".DS_Store"):
            archive.writestr(name, f"email\n{name}@x.org\n")
        archive.mkdir("empty")
    assert ["a.csv", "b.csv"] == [part.name for part in parts(path, None)]
    assert ["a.csv@x.org", "lists/b.csv@x.org"] == [row.values["email"] for row in rows(path)]


def test_bytes_that_are_no_text_spoil_their_row_alone(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"email,city\nann@x.org,K\xf6ln\nbob@x.org,Bonn\n")
    bad, good = rows(path)
    assert "not UTF-8" in bad.reason
    assert ROWS[1] == good
    path.write_bytes(
        b'{"email": "ann@x.org", "city": "K\xf6ln"}\n{"city": "\\ud83d", "e": "b@x"}\n{"a":' + b"[" * 50_000
    )
    bad, healed, deep = rows(path)
    assert "not UTF-8" in bad.reason
    assert "\ufffd" == healed.values["city"]
    assert Refusal(3, "is no JSON") == deep


def test_a_size_is_the_same_for_the_same_bytes_however_they_are_packed(tmp_path):
    plain, packed = tmp_path / "a.csv", tmp_path / "b.gz"
    plain.write_bytes(CSV.encode())
    packed.write_bytes(gzip.compress(CSV.encode()))
    (one,), (other,) = parts(plain, None), parts(packed, None)
    assert 3 == one.size().lines
    assert one.size() == other.size()


def test_rows_before_the_damage_of_a_file_are_read_and_then_it_is_told(tmp_path):
    path = tmp_path / "people.csv.gz"
    many = "email\n" + "".join(f"someone{number}@x.org\n" for number in range(100_000))
    path.write_bytes(gzip.compress(many.encode())[:-5_000])
    (part,) = parts(path, None)
    read: list[object] = []
    with pytest.raises(CliError, match=r"people\.csv\.gz is damaged"):
        read.extend(part.rows())
    reader = part.rows()
    assert Row(2, {"email": "someone0@x.org"}) == next(reader)


@pytest.mark.parametrize(
    ("written", "encoding", "says"),
    [
        (b'[{"email": "a@x.org"}]', None, "one JSON list"),
        (CSV.encode(), "utf-9", "no encoding is called 'utf-9'"),
        (b"\xff\xfea\x00,", None, "is not utf-16"),
    ],
    ids=("a list", "no encoding", "half a character"),
)
def test_a_file_that_is_nothing_that_can_be_read_is_told(tmp_path, written, encoding, says):
    path = tmp_path / "people.csv"
    path.write_bytes(written)
    with pytest.raises(CliError, match=says):
        rows(path, encoding)


@pytest.fixture
def table(tmp_path):
    """A Parquet file with a value of each type."""
    polars = pytest.importorskip("polars")
    path = tmp_path / "people"
    polars.DataFrame(
        {
            "email": ["ann@x.org", "bob@x.org"],
            "at": [datetime(2024, 3, 1, 10, tzinfo=UTC), None],
            "day": [date(2024, 3, 1)] * 2,
            "total": [Decimal("1.50"), None],
            "score": [0.1, float("nan")],
            "count": [7, 8],
            "is": [True, False],
            "home": [{"city": "Bonn", "tags": ["a", "b"]}, None],
        }
    ).write_parquet(path)
    return path


def test_rows_of_parquet_are_those_of_json_with_exact_numbers(table):
    assert [
        Row(1, {"email": "ann@x.org", "at": "2024-03-01T10:00:00+00:00", "day": "2024-03-01", "total": Decimal("1.50"),
                "score": Decimal("0.1"), "count": 7, "is": True, "home.city": "Bonn", "home.tags": ["a", "b"]}),
        Row(2, {"email": "bob@x.org", "at": None, "day": "2024-03-01", "total": None, "score": None, "count": 8,
                "is": False, "home": None}),
    ] == rows(table)  # fmt: skip
    assert 2 == parts(table, None)[0].size().lines


def test_parquet_that_is_damaged_or_packed_is_told(table, tmp_path):
    whole = table.read_bytes()
    table.write_bytes(whole[:-20])
    with pytest.raises(CliError, match="people is damaged, or is no Parquet"):
        rows(table)
    table.write_bytes(gzip.compress(whole))
    with pytest.raises(CliError, match="Parquet is read as it is; unpack it first"):
        rows(table)
    with zipfile.ZipFile(tmp_path / "people.zip", "w") as archive:
        archive.writestr("people.parquet", whole)
    with pytest.raises(CliError, match="unpack it first"):
        rows(tmp_path / "people.zip")


def test_parquet_without_polars_is_told_how_to_have_it(table, monkeypatch):
    monkeypatch.setattr("cli.imports.parquet.find_spec", lambda _: None)
    with pytest.raises(CliError, match="needs polars"):
        rows(table)


def test_a_zip_with_nothing_in_it_is_told(tmp_path):
    path = tmp_path / "people.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(CliError, match="holds no file"):
        parts(path, None)
