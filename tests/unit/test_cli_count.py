"""Counting from a file of events on the command line."""

import pytest

from cli.__main__ import main

VIP = 'id: vip\nwhen: sum of total over "Order Completed" >= 100\n'
LOYAL = 'id: loyal\nwhen: in segment "vip" and did "Order Completed" at least 2 times\n'
ORDERS = """person,time,name,total
ann,2026-11-01T10:00:00,Order Completed,60
ann,2026-11-10T10:00:00,Order Completed,40.00
bob,2026-11-10T10:00:00,Order Completed,99.99
"""


@pytest.fixture
def folder(tmp_path):
    pytest.importorskip("polars", reason="requirements-batch.txt is not installed")
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "vip.yaml").write_text(VIP)
    (tmp_path / "segments" / "loyal.yaml").write_text(LOYAL)
    (tmp_path / "orders.csv").write_text(ORDERS)
    return tmp_path


def counted(folder, path, *more):
    return main(["count", str(folder / path), "--events", str(folder / "orders.csv"), *more])


def test_a_segment_is_counted_with_those_that_it_refers_to(folder, capsys):
    assert 0 == counted(folder, "segments/loyal.yaml")
    assert ["1  loyal", "2  people"] == [line.strip()[:9].strip() for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_counted_whole_and_who_they_are_is_written(folder, capsys):
    who = folder / "who.csv"
    assert 0 == counted(folder, ".", "--at", "2026-11-05T00:00:00Z", "--who", str(who))
    assert "0  loyal" in capsys.readouterr().out
    assert 0 == counted(folder, ".", "--who", str(who))
    assert "segment,person\nloyal,ann\nvip,ann\n" == who.read_text()


def test_amounts_count_by_the_rates_beside_the_segments(folder, capsys):
    (folder / "rates").mkdir()
    (folder / "rates" / "rates.yaml").write_text("id: rates\nbase: EUR\nrates: {USD: 2, JPY: 0.01}\n")
    rows = (
        "person,time,name,total,currency",
        "ann,2026-11-01,Order Completed,50,USD",
        "bob,2026-11-01,Order Completed,9999,JPY",
    )
    (folder / "orders.csv").write_text("\n".join(rows))
    assert 0 == counted(folder, "segments/vip.yaml")
    assert "1  vip" in capsys.readouterr().out
    assert 0 == counted(folder, "segments/vip.yaml", "--currency", "EUR")
    assert 0 < counted(folder, "segments/vip.yaml", "--currency", "USD")
    assert "the definitions hold rates into EUR" in capsys.readouterr().err
    (folder / "rates" / "rates.yaml").unlink()
    assert 0 == counted(folder, "segments/vip.yaml", "--currency", "USD")
    assert "0  vip" in capsys.readouterr().out


def test_a_definition_that_is_wrong_is_refused_in_its_place(folder, capsys):
    (folder / "segments" / "vip.yaml").write_text('id: vip\nwhen: dit "Order Completed"\n')
    assert 0 < counted(folder, "segments/vip.yaml")
    assert "vip.yaml:2:" in capsys.readouterr().err


def test_a_segment_that_is_not_beside_it_is_missed(folder, capsys):
    (folder / "segments" / "vip.yaml").unlink()
    assert 0 < counted(folder, "segments/loyal.yaml")
    assert "'vip', which does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["segments/vip.yaml", "--at", "yesterday"], "RFC 3339"),
        (["nowhere"], "does not exist"),
    ],
)
def test_what_cannot_be_counted_is_said(folder, capsys, arguments, message):
    assert 2 == counted(folder, *arguments)
    assert message in capsys.readouterr().err


def test_a_file_without_the_columns_names_them(folder, capsys):
    (folder / "orders.csv").write_text("customer,total\n1,2\n")
    assert 2 == counted(folder, "segments/vip.yaml")
    assert "person, time, name" in capsys.readouterr().err
