"""Publishing from the command line, against the API itself."""

import io
import json

import pytest

from cli.__main__ import main
from cli.client import Client
from cli.errors import CliError
from functions.core.base.errors import Unavailable
from functions.usecases import publish_together
from tests.console import ANN, BUYERS, DAY, order
from tests.unit.test_api_definitions import FLOW, TEMPLATE

FILES = {"flows/hello": FLOW, "segments/buyers": BUYERS, "templates/hi": TEMPLATE}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, FILES)
    return tmp_path


def write(path, files, ending="yaml"):
    for name, text in files.items():
        place = path / f"{name}.{ending}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def versions(world):
    return {f"{each.kind}/{each.id}": each.version for each in world.ports.definitions.current()}


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


def test_push_without_a_terminal_shows_what_it_would_do_and_says_how_to_do_it(world, url, folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["push", str(folder)]) == 2
    told = capsys.readouterr()
    assert f"{folder}/flows/hello.yaml: new" in told.out
    assert "--yes publishes 3 definitions, --dry-run only looks" in told.err
    assert {} == versions(world)


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True


def answer(monkeypatch, typed):
    monkeypatch.setattr("sys.stdin", Terminal(typed))


def test_push_asks_at_a_terminal_and_publishes_after_a_yes(world, url, folder, capsys, monkeypatch):
    answer(monkeypatch, "y\n")
    assert main(["push", str(folder)]) == 0
    told = capsys.readouterr()
    assert "Publish 3 definitions? [y/N]:" in told.err
    assert "published 3\n" in told.out
    assert dict.fromkeys(FILES, 1) == versions(world)


@pytest.mark.parametrize(("typed", "code"), [("n\n", 2), ("\n", 2), ("", 130)])
def test_push_publishes_nothing_without_a_yes(world, url, folder, capsys, monkeypatch, typed, code):
    answer(monkeypatch, typed)
    assert main(["push", str(folder)]) == code
    assert capsys.readouterr().err.endswith("nothing was published\n")
    assert {} == versions(world)


def test_push_asks_nothing_where_nothing_differs(url, folder, capsys, monkeypatch):
    main(["push", str(folder), "--yes"])
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["push", str(folder)]) == 0
    assert "nothing to publish: 3 unchanged\n" in capsys.readouterr().out


def test_push_publishes_nothing_if_somebody_else_published_while_it_asked(world, url, folder, capsys, monkeypatch):
    main(["push", str(folder), "--yes"])
    write(folder, {"segments/buyers": BUYERS.replace("30 days", "60 days")})
    monkeypatch.setattr("sys.stdin", Terminal())
    theirs = BUYERS.replace("30 days", "90 days")
    monkeypatch.setattr("typer.confirm", lambda *_args, **_options: world.save(theirs) is not None)
    assert main(["push", str(folder)]) == 2
    assert "somebody else has published meanwhile" in capsys.readouterr().err
    assert 2 == versions(world)["segments/buyers"]


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


def test_push_in_json_is_never_asked_and_says_what_to_give(world, url, folder, capsys, monkeypatch):
    answer(monkeypatch, "y\n")
    assert main(["push", str(folder), "--json"]) == 2
    told = capsys.readouterr()
    assert "" == told.out
    assert "--yes" in json.loads(told.err)["error"]
    assert {} == versions(world)


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


def dying(monkeypatch, name):
    """Let this function of the publication fail once, as if its host had died there."""
    whole = getattr(publish_together, name)

    def once(*_args, **_more):
        monkeypatch.setattr(publish_together, name, whole)
        raise Unavailable("dead")

    monkeypatch.setattr(publish_together, name, once)


def test_push_says_that_it_is_current_if_the_host_dies_afterwards_and_a_second_push_finishes_it(
    world, url, folder, capsys, monkeypatch
):
    dying(monkeypatch, "bring_up")
    assert main(["push", str(folder), "--yes"]) == 2
    told = capsys.readouterr().err
    assert "all the same flows/hello, segments/buyers, templates/hi are current; push again" in told
    assert [] == world.queued()
    assert main(["push", str(folder)]) == 0
    assert "nothing to publish: 3 unchanged" in capsys.readouterr().out
    assert {1} == {body["revision"] for body in world.queued()}


def test_push_says_what_is_current_and_what_is_not_if_the_host_dies_before(world, url, folder, capsys, monkeypatch):
    main(["push", str(folder / "templates"), "--yes"])
    dying(monkeypatch, "following")
    assert main(["push", str(folder), "--yes"]) == 2
    told = capsys.readouterr().err
    assert "nothing was published: not current flows/hello, segments/buyers, current already templates/hi" in told
    assert {"templates/hi": 1} == versions(world)


def test_push_says_that_nothing_is_known_if_the_host_is_gone(world, url, folder, capsys, monkeypatch):
    whole = Client.call
    calls = iter([whole])

    def call(*args, **request):
        try:
            return next(calls)(*args, **request)
        except StopIteration:
            raise CliError("nobody answers") from None

    monkeypatch.setattr(Client, "call", call)
    assert main(["push", str(folder), "--yes", "--no-impact"]) == 2
    assert "nobody answers\nwhether it was published is not known; push again" in capsys.readouterr().err
