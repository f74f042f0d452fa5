"""Publishing from the command line, against the API itself."""

import json

import pytest

from cli.__main__ import main
from tests.console import BUYERS
from tests.unit.pushed_files import FILES, versions, write


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, FILES)
    return tmp_path


def test_push_publishes_a_folder_whatever_needs_what(world, url, folder, capsys):
    assert main(["push", str(folder), "--yes"]) == 0
    told = capsys.readouterr().out
    assert f"{folder}/flows/hello.yaml: new" in told
    assert "published 3\n  flows/hello version 1" in told
    assert dict.fromkeys(FILES, 1) == versions(world)


def test_push_is_all_or_nothing_and_prints_the_faults_as_compilers_do(world, url, folder, capsys):
    write(folder, {"segments/typo": 'id: typo\nwhen: dit "X"\n'})
    assert main(["push", str(folder), "--yes"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"{folder}/segments/typo.yaml:2:7: ")
    assert told.err.endswith("nothing was published\n")
    assert "did you mean did?" in told.err
    assert {} == versions(world)


def test_push_shows_the_lines_that_change_and_says_unchanged(world, url, folder, capsys):
    main(["push", str(folder), "--yes"])
    write(folder, {"segments/buyers": BUYERS.replace("30 days", "60 days")})
    capsys.readouterr()
    assert main(["push", str(folder), "--yes"]) == 0
    told = capsys.readouterr().out
    assert '-when: did "Order Completed" within 30 days\n  +when: did "Order Completed" within 60 days' in told
    assert "hello.yaml: unchanged" in told
    assert "published 1, 2 unchanged\n  segments/buyers version 2\n" in told
    assert main(["push", str(folder), "--yes"]) == 0
    assert "nothing to publish: 3 unchanged" in capsys.readouterr().out
    assert {**dict.fromkeys(FILES, 1), "segments/buyers": 2} == versions(world)


def test_push_dry_shows_what_would_change_and_publishes_nothing(world, url, folder, capsys):
    assert main(["push", str(folder), "--dry-run"]) == 0
    assert "would publish 3; nothing was published" in capsys.readouterr().out
    assert {} == versions(world)


def test_push_takes_one_file_or_the_folder_of_a_kind(world, url, folder):
    assert main(["push", str(folder / "segments/buyers.yaml"), "--yes"]) == 0
    assert {"segments/buyers": 1} == versions(world)
    assert main(["push", str(folder / "templates"), str(folder / "flows/hello.yaml"), "--yes"]) == 0
    assert dict.fromkeys(FILES, 1) == versions(world)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("segment/a", "segment/ is no kind of definition (did you mean segments/?)"),
        ("audiences/a", "audiences/ is no kind of definition; a definition lies in events/, flows/"),
        ("a", "is no kind of definition"),
        ("segments/old/a", "a kind's folder holds files and no folders"),
    ],
)
def test_push_refuses_what_lies_where_nothing_is_read(world, url, folder, capsys, name, says):
    write(folder, {name: BUYERS})
    assert main(["push", str(folder), "--yes"]) == 2
    assert says in capsys.readouterr().err
    assert {} == versions(world)


def test_push_refuses_two_files_of_one_definition_and_what_is_not_text(world, url, folder, capsys):
    write(folder, {"segments/buyers": "{}"}, "json")
    assert main(["push", str(folder), "--yes"]) == 2
    assert "are both segments/buyers" in capsys.readouterr().err
    (folder / "segments/buyers.json").unlink()
    (folder / "segments/binary.yaml").write_bytes(b"\xff\xfe")
    assert main(["push", str(folder), "--yes"]) == 2
    assert "binary.yaml is not UTF-8 text" in capsys.readouterr().err


def test_the_schemas_beside_the_definitions_are_passed_over(world, url, folder):
    write(folder, {"schema/segments": "{}"}, "json")
    assert main(["push", str(folder), "--yes"]) == 0


def test_push_asks_that_whom_segments_bring_in_is_written_to(world, url, folder, capsys):
    main(["push", str(folder / "segments"), "--yes"])
    write(folder, {"segments/other": BUYERS.replace("buyers", "other")})
    capsys.readouterr()
    assert main(["push", str(folder), "--send-backfilled", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "segments/other version 1, those whom it brings in enter now" in told
    assert "segments/buyers is current already, without --send-backfilled: nobody enters now" in told


def test_push_in_json_is_json_alone(world, url, folder, capsys):
    assert main(["push", str(folder), "--json", "--yes"]) == 0
    assert ["new"] * 3 == [each["change"] for each in json.loads(capsys.readouterr().out)]


def test_pull_writes_what_push_saved_and_says_only_what_changed(world, url, folder, tmp_path, capsys):
    main(["push", str(folder), "--yes"])
    capsys.readouterr()
    copy = tmp_path / "copy"
    assert main(["pull", str(copy)]) == 0
    assert FILES == {name: (copy / f"{name}.yaml").read_text() for name in FILES}
    assert 3 == len(capsys.readouterr().out.splitlines())
    (copy / "segments/buyers.yaml").rename(copy / "segments/buyers.yml")
    assert main(["pull", str(copy)]) == 0
    assert capsys.readouterr().out == ""
    assert not (copy / "segments/buyers.yaml").exists()
