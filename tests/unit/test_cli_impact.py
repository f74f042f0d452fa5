"""What the command line says would come of files, and what it finds in them without a host."""

import json

import pytest

from cli.__main__ import main
from tests.console import ANN, BUYERS, DAY, order
from tests.unit.pushed_files import FILES, Terminal, versions, write
from tests.unit.test_api_definitions import FLOW


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, FILES)
    return tmp_path


def test_push_says_what_would_come_of_it_before_it_asks(world, url, folder, capsys):
    main(["push", str(folder), "--yes"])
    world.tell(order(ANN, 5 * DAY))
    write(folder, {"segments/buyers": BUYERS.replace("30 days", "3 days")})
    write(folder, {"flows/hello": FLOW.replace("send: hi", "send: hi\n  - wait: 1 hour")})
    capsys.readouterr()
    assert main(["push", str(folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "segments/buyers: 0 would enter, 1 leave." in told
    assert "flows/hello: No run is under way.\n" in told
    assert main(["push", str(folder), "--dry-run", "--no-impact"]) == 0
    assert "would enter" not in capsys.readouterr().out
    assert main(["push", str(folder), "--dry-run", "--json"]) == 0
    flow, segment, template = json.loads(capsys.readouterr().out)
    assert (1, 0) == (segment["impact"]["leave"], flow["impact"]["under_way"])
    assert "impact" not in template
    assert dict.fromkeys(FILES, 1) == versions(world)


def test_push_says_what_would_come_of_new_segments_and_of_flows_that_use_them_before_it_asks(
    world, url, folder, capsys, monkeypatch
):
    world.tell(order(ANN, 5 * DAY))
    write(folder, {"segments/keen": 'id: keen\nwhen: in segment "buyers"\n'})
    told = []
    monkeypatch.setattr("sys.stdin", Terminal())

    def confirmed(*_args, **_options):
        told.append(capsys.readouterr().out)
        return True

    monkeypatch.setattr("typer.confirm", confirmed)
    assert main(["push", str(folder)]) == 0
    (before,) = told
    assert "segments/buyers: 1 would enter, 0 leave. Those who enter are not written to." in before
    assert "segments/keen: 1 would enter, 0 leave." in before
    assert "flows/hello: No run is under way.\n" in before
    assert 1 == versions(world)["segments/keen"]


def test_push_says_which_other_segments_would_move(world, url, folder, capsys):
    write(folder, {"segments/keen": 'id: keen\nwhen: in segment "buyers"\n'})
    main(["push", str(folder), "--yes"])
    world.tell(order(ANN, 5 * DAY))
    write(folder, {"segments/buyers": BUYERS.replace("30 days", "3 days")})
    capsys.readouterr()
    changed = str(folder / "segments/buyers.yaml")
    assert main(["push", changed, "--dry-run"]) == 0
    assert "segments/keen: 0 would enter, 1 leave." in capsys.readouterr().out
    assert main(["push", changed, "--dry-run", "--json"]) == 0
    _, other = json.loads(capsys.readouterr().out)
    assert ["segments", "keen", "moved"] == [other[key] for key in ("kind", "id", "change")]
    assert 1 == other["impact"]["leave"]


def test_check_needs_no_host_and_finds_what_publishing_would(folder, capsys, monkeypatch):
    monkeypatch.delenv("SEGUE_URL", raising=False)
    assert main(["check", str(folder)]) == 0
    assert "3 right\n" == capsys.readouterr().out
    assert main(["check", str(folder / "flows/hello.yaml")]) == 0
    assert "1 right\n" == capsys.readouterr().out
    (folder / "segments/buyers.yaml").unlink()
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr()
    assert f"{folder}/flows/hello.yaml:2:" in told.err
    assert "there is no segment 'buyers'" in told.err
    assert "1 right, 1 wrong\n" == told.out


def test_check_runs_examples_and_knows_how_long_the_log_is_kept(folder, capsys):
    wrong = 'id: w\nwhen: did "X" within 90 days\nexamples:\n  - {name: no, events: [], expect: in}\n'
    write(folder, {"segments/w": wrong})
    assert main(["check", str(folder), "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert "segments/w" == fault["where"]
    write(folder, {"segments/w": wrong.replace("expect: in", "expect: out")})
    assert main(["check", str(folder)]) == 0
    assert main(["check", str(folder), "--log-retention", "30d"]) == 1
    assert "30 days" in capsys.readouterr().err


def test_the_shipped_definitions_pass_the_check_of_the_command_line():
    assert main(["check"]) == 0


def test_impact_tells_of_segments_and_flows_what_publishing_them_would_change_and_changes_nothing(
    world, url, folder, capsys
):
    main(["push", str(folder), "--yes"])
    capsys.readouterr()
    published = versions(world)
    write(folder, {"segments/buyers": BUYERS.replace("30 days", "60 days")})
    assert main(["impact", str(folder / "segments"), str(folder / "flows")]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "flows/hello\n  steps: hi\n  No run is under way.\nsegments/buyers\n  0 would enter, 0 leave."
    )
    assert main(["impact", str(folder / "flows/hello.yaml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["flows/hello"]["under_way"] == 0
    assert published == versions(world)


def test_impact_says_of_those_whom_a_segment_brings_in_whether_they_would_be_written_to(world, url, folder, capsys):
    main(["push", str(folder), "--yes"])
    capsys.readouterr()
    assert main(["impact", str(folder / "segments"), "--send-backfilled", "--json"]) == 0
    assert "send" == json.loads(capsys.readouterr().out)["segments/buyers"]["backfilled"]


def test_impact_of_a_text_with_faults_names_them_and_of_another_kind_says_what_it_is_of(url, folder, capsys):
    write(folder, {"flows/hello": FLOW.replace("send: hi", "send: ho")})
    assert main(["impact", str(folder / "flows")]) == 1
    assert capsys.readouterr().err.startswith(f"{folder}/flows/hello.yaml:")
    assert main(["impact", str(folder / "templates")]) == 2
    assert "impact is told of segments and flows, not of templates" in capsys.readouterr().err
