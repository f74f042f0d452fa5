"""`segue import`: columns shown and confirmed, bad rows reported, and an interrupted import goes on where it was."""

import csv
import io
import json
from contextlib import contextmanager

import pytest

from cli.__main__ import main
from cli.client import Client
from cli.imports import batches
from cli.imports.place import Place
from tests.unit.pushed_files import Terminal

ORDERS = """number,mail,placed,sum,item,newsletter
1001,ann@x.org,2024-03-01,12.50,Ring,yes
1001,,,,Box,
1002,bob@x.org,2024-03-02,oops,Ring,yes
1003,=cmd@x.org,2024-03-03,9.00,Ring,no
1004,,2024-03-04,9.00,Ring,no
"""
MAP = "order_id=number,email=mail,time=placed,total=sum,product.name=item,currency=:EUR"


@pytest.fixture(autouse=True)
def _command(monkeypatch):
    monkeypatch.setattr("sys.argv", ["segue"])
    for name in ("SEGUE_URL", "SEGUE_SERVER_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def stored(world):
    """The names and totals of all events in the log, by the order of their messages' ids."""
    page = world.ports.log.received(0, 2_000_000_000)
    return sorted((each.name, each.identifiers, each.properties.get("total"), each.imported) for each in page.events)


def report(path):
    return list(csv.reader(path.with_name(f"{path.name}.refused.csv").read_text().splitlines()))


def test_a_dry_run_says_what_would_come_of_each_row_and_needs_no_host(orders, capsys):
    assert main(["import", str(orders), "--dry-run", "--map", MAP]) == 3
    said = capsys.readouterr().out
    assert "orders.csv: orders; row 2 as a sample" in said
    assert "order_id      number  '1001'  you said so" in said
    assert "currency      always EUR" in said
    assert "rows with the same number that stand together are one order" in said
    assert "no consent is taken; if 'newsletter' is it: --map consent=newsletter" in said
    assert "would import 2 rows or orders as 2 messages" in said
    assert "2 refused" in said and "nothing was sent" in said
    told = (orders.parent / "orders.csv.dry-run.refused.csv").read_text().splitlines()
    assert ["file,row,reason", "orders.csv,6,names nobody"] == [told[0], told[2]]
    assert told[1].startswith("orders.csv,4,\"sum: 'oops' is no number")


def test_an_import_takes_every_good_row_and_reports_every_bad_one(world, url, orders, capsys):
    assert main(["import", str(orders), "--yes", "--local", "--map", MAP]) == 3
    assert "imported 2 rows or orders as 2 messages" in capsys.readouterr().out
    assert [
        ("Order Completed", ("email:=cmd@x.org",), 900, True),
        ("Order Completed", ("email:ann@x.org",), 1250, True),
    ] == stored(world)
    assert [["file", "row", "reason"], ["orders.csv", "4"], ["orders.csv", "6"]] == [
        row[: 3 if row[0] == "file" else 2] for row in report(orders)
    ]
    assert not (orders.parent / "orders.csv.place.json").exists()


def test_the_same_file_again_and_the_mended_file_take_only_what_is_new(world, url, orders, capsys):
    words = ["import", str(orders), "--yes", "--local", "--map", MAP]
    assert main(words) == main(words) == 3
    assert 2 == len(stored(world))
    orders.write_text(ORDERS.replace("oops", "7.00").replace("1004,", "1004,eve@x.org"))
    assert main(words) == 0
    assert 4 == len(stored(world))
    assert not (orders.parent / "orders.csv.refused.csv").exists()


def test_an_order_that_the_host_refuses_is_left_out_and_told_with_its_row(world, url, tmp_path, capsys):
    # The door knows rules of its own, such as how deep an object may be.
    path = tmp_path / "deep.ndjson"
    deep = '{"email": "b@x.org", "v": [1, ' + '{"a":[2,' * 25 + "1" + "]}" * 25 + "]}\n"
    path.write_text('{"email": "a@x.org", "v": [1, 2]}\n' + deep)
    assert main(["import", str(path), "--yes", "--local", "--kind", "customers", "--map", "trait.v=v"]) == 3
    assert [("Identified", ("email:a@x.org",), None, True)] == stored(world)
    assert "nested deeper" in report(path)[1][2]


def refused(capsys):
    told = capsys.readouterr()
    assert "" == told.out
    return told.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--map", "order_id=numbr"], "orders.csv: order_id: the file has no column 'numbr' (did you mean number?)"),
        (["--map", "emial=mail"], "emial: is nothing that a column can be (did you mean email?)"),
        (["--kind", "orders"], "map: orders need their order_id (did you mean order_id=COLUMN?)"),
        (["--map", "email=", "--kind", "customers"], "map: no column says whose the rows are"),
        (["--map", MAP, "--dates", "DD-MM-YY"], "dates: is no order of day, month and year (did you mean DD-MM-YYYY?)"),
        (["--map", MAP, "--timezone", "Berlin"], "timezone: there is no time zone 'Berlin'"),
        (["--map", MAP, "--currency", "Euro"], "currency: 'Euro' is no currency"),
        (["--map", MAP, "--answers", "ja=sure"], "answers: 'ja' must be one of yes, no, pending, none"),
        (["--map", MAP, "--group", "nmber"], "group: the file has no column 'nmber' (did you mean number?)"),
        (["--map", "email=mail", "--kind", "customers", "--group", "number"], "rows of customers are one each"),
        (["--from", "shopfy"], "from: no exports of 'shopfy' are known"),
        (["--map", "email"], "must be target=column"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_with_what_would_be_right(orders, capsys, words, says):
    assert main(["import", str(orders), "--dry-run", *words]) == 1
    assert says in refused(capsys)


def test_a_mapping_that_no_row_fits_is_refused_with_the_row_that_shows_it(orders, capsys):
    assert main(["import", str(orders), "--dry-run", "--map", MAP, "--map", "time=item"]) == 1
    said = refused(capsys)
    assert "orders.csv:2: time=item: 'Ring' is not a date since 1970" in said
    assert "row 2: number='1001', mail='ann@x.org', item='Ring'" in said


def test_a_guess_is_left_out_where_that_is_said(orders, capsys):
    assert main(["import", str(orders), "--dry-run", "--json", "--kind", "customers", "--map", "person=mail"]) == 3
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert {"person": "mail"} == part["columns"]
    orders.write_text("email,city\nann@x.org,Bonn\n")
    assert main(["import", str(orders), "--dry-run", "--json", "--map", "city="]) == 0
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert {"email": "email"} == part["columns"]


def test_rows_that_say_the_same_are_told(tmp_path, capsys):
    path = tmp_path / "events.csv"
    path.write_text("email,event,time,id\n" + "".join(f"a@x.org,Visited,2024-01-01,{n}\n" for n in range(3)))
    assert main(["import", str(path), "--dry-run"]) == 0
    assert "2 rows said what a row before says, and count once (row 3, 4)" in capsys.readouterr().out
    assert main(["import", str(path), "--dry-run", "--map", "id=id"]) == 0
    assert "count once" not in capsys.readouterr().out


def test_without_a_terminal_nothing_is_imported_and_it_says_how(world, url, orders, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["import", str(orders), "--local", "--map", MAP]) == 2
    assert "--yes imports it, --dry-run only looks" in capsys.readouterr().err
    assert [] == stored(world)


@pytest.mark.parametrize(("typed", "code", "events"), [("y\n", 3, 2), ("n\n", 2, 0), ("", 130, 0)])
def test_at_a_terminal_it_asks_once_the_columns_are_shown(world, url, orders, capsys, monkeypatch, typed, code, events):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert main(["import", str(orders), "--local", "--map", MAP]) == code
    told = capsys.readouterr()
    assert "order_id      number" in told.out
    assert "Import 6 lines? [y/N]" in told.err
    assert events == len(stored(world))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--yes"], "which host? give --url and --key"),
        (["--yes", "--url", "http://127.0.0.1:1"], "which key?"),
        (["--json", "--local"], "give --yes to import, or --dry-run"),
        (["--resume", "--yes", "--local"], "no import of it was interrupted"),
    ],
)
def test_what_is_missing_is_said(world, url, orders, capsys, monkeypatch, words, says):
    monkeypatch.delenv("SEGUE_URL")
    monkeypatch.setattr("cli.client.local_url", lambda: url)
    monkeypatch.setattr("cli.imports.door.local_url", lambda: url)
    assert main(["import", str(orders), "--map", MAP, *words]) == 2
    assert says in capsys.readouterr().err


def test_another_key_than_the_server_key_is_refused_and_never_shown(world, url, orders, capsys):
    keys = world.ports.secrets
    for key, says in (("sesame", "does not take the server key"), (keys.get("write-key")[0], "under this key")):
        assert main(["import", str(orders), "--yes", "--map", MAP, "--key", key]) == 2
        told = capsys.readouterr()
        assert says in told.err
        assert key not in told.out + told.err
    assert [] == stored(world)


@pytest.fixture
def many(tmp_path):
    """A file of ten batches, with a bad row in each."""
    path = tmp_path / "many.csv"
    rows = "".join(f"{n},u{n}@x.org,2024-03-01,{'bad' if n % 10 == 3 else n}\n" for n in range(100))
    path.write_text(f"number,email,time,total\n{rows}")
    return path


WORDS = ("--yes", "--local", "--json", "--map", "order_id=number")


def interrupted(monkeypatch, after, trouble):
    """Stop the import at a request, before or behind what the host does with it."""
    left = [after]
    call = Client.call

    def counted(self, method, path, **more):
        if path == "/v1/batch":
            left[0] -= 1
            if left[0] == 0:
                if trouble is KeyboardInterrupt:
                    call(self, method, path, **more)
                raise trouble
        return call(self, method, path, **more)

    monkeypatch.setattr(Client, "call", counted)


@pytest.mark.parametrize("after", [1, 2, 10])
@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError("no more room")])
def test_an_interrupted_import_goes_on_and_comes_to_the_same(world, url, many, capsys, monkeypatch, after, trouble):
    monkeypatch.setattr(batches, "MESSAGES", 10)
    assert main(["import", str(many), "--dry-run", "--json", "--map", "order_id=number"]) == 3
    expected = json.loads(capsys.readouterr().out)
    with monkeypatch.context() as patched:
        interrupted(patched, after, trouble)
        assert main(["import", str(many), *WORDS]) in (2, 130)
    capsys.readouterr()
    asked = []
    call = Client.call

    def noted(self, *words, **more):
        asked.append(words)
        return call(self, *words, **more)

    monkeypatch.setattr(Client, "call", noted)
    words = [*WORDS] if after == 1 else [*WORDS, "--resume"]
    assert main(["import", str(many), *words]) == 3
    told = json.loads(capsys.readouterr().out)
    assert {**expected, "dry_run": False, "report": f"{many}.refused.csv"} == told
    assert 10 - after + 1 == sum(words == ("POST", "/v1/batch") for words in asked)
    assert 90 == len(stored(world))
    assert [str(n + 2) for n in range(3, 100, 10)] == [row for _, row, _ in report(many)[1:]]


@pytest.mark.parametrize("at", [1, 2])
def test_what_was_reported_behind_the_place_is_reported_once(world, url, many, capsys, monkeypatch, at):
    """As where the machine stops: lines are in the report of which the place does not know."""
    monkeypatch.setattr(batches, "MESSAGES", 10)
    text = many.read_text()
    # Nothing is refused in the first batch, so that the place knows of no report.
    many.write_text(text.replace(",bad\n", ",1\n", 1))
    save, left = Place.save, [at]

    def kept(self, totals, size):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        save(self, totals, size)

    with monkeypatch.context() as patched:
        patched.setattr(Place, "save", kept)
        assert main(["import", str(many), *WORDS]) == 130
    capsys.readouterr()
    assert main(["import", str(many), *WORDS, "--resume"]) == 3
    assert [str(n + 2) for n in range(13, 100, 10)] == [row for _, row, _ in report(many)[1:]]


def test_an_interrupted_import_goes_on_only_with_the_same_file_columns_and_host(world, url, many, capsys, monkeypatch):
    monkeypatch.setattr(batches, "MESSAGES", 10)
    with monkeypatch.context() as patched:
        interrupted(patched, 5, OSError("no more room"))
        main(["import", str(many), *WORDS])
    text = many.read_text()
    for change in (
        lambda: many.write_text(text.replace("u7@", "u8@")),
        lambda: many.with_name("many.csv.place.json").write_text("{}"),
    ):
        change()
        capsys.readouterr()
        assert main(["import", str(many), *WORDS, "--resume"]) == 2
        assert "leave out --resume" in json.loads(capsys.readouterr().err)["error"]
        many.write_text(text)


def test_a_file_that_is_no_report_is_not_written_over(orders, capsys):
    other = orders.with_name("mine.csv")
    other.write_text("keep,me\n")
    assert main(["import", str(orders), "--dry-run", "--map", MAP, "--refused", str(other)]) == 2
    assert "is no report of an import" in capsys.readouterr().err
    assert "keep,me\n" == other.read_text()


def test_reasons_in_the_report_are_no_formulas_and_nobody_else_may_read_it(tmp_path, capsys):
    path = tmp_path / "=1+1.csv"
    path.write_text("email,time,event\n,2024-01-01,Seen\na@x.org,2024-01-01,Seen\n")
    assert main(["import", str(path), "--dry-run"]) == 3
    made = tmp_path / "=1+1.csv.dry-run.refused.csv"
    assert "'=1+1.csv,2,names nobody" == made.read_text().splitlines()[1]
    assert 0o600 == made.stat().st_mode & 0o777


def test_parquet_is_imported_as_lines_of_json_are(world, url, tmp_path, capsys):
    polars = pytest.importorskip("polars")
    path = tmp_path / "people.parquet"
    polars.DataFrame({"email": ["ann@x.org", ""], "home": [{"city": "Bonn"}, None]}).write_parquet(path)
    assert main(["import", str(path), "--yes", "--local", "--map", "city=home.city"]) == 3
    assert [("Identified", ("email:ann@x.org",), None, True)] == stored(world)
    assert ["people.parquet", "2", "names nobody"] == report(path)[1]


def test_a_bar_is_drawn_on_a_terminal_and_not_beside_json(orders, capsys, monkeypatch):
    drawn = []

    @contextmanager
    def bar(label, total):
        yield lambda done, of: drawn.append((label, done, of))

    monkeypatch.setattr("cli.imports.importing.bar", bar)
    main(["import", str(orders), "--dry-run", "--json", "--map", MAP])
    assert [] == drawn
    main(["import", str(orders), "--dry-run", "--map", MAP])
    assert [("reading", 6, 6)] == drawn
