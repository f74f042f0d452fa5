"""What a push asks and says before it publishes, and what it says if the host dies or somebody else was first."""

import io
import json

import pytest

from cli.__main__ import main
from cli.client import Client
from cli.errors import CliError
from functions.core.base.errors import Unavailable
from functions.usecases import publish_together
from tests.console import BUYERS
from tests.unit.pushed_files import FILES, Terminal, versions, write


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, FILES)
    return tmp_path


def test_push_without_a_terminal_shows_what_it_would_do_and_says_how_to_do_it(world, url, folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["push", str(folder)]) == 2
    told = capsys.readouterr()
    assert f"{folder}/flows/hello.yaml: new" in told.out
    assert "--yes publishes 3 definitions, --dry-run only looks" in told.err
    assert {} == versions(world)


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


def test_push_in_json_is_never_asked_and_says_what_to_give(world, url, folder, capsys, monkeypatch):
    answer(monkeypatch, "y\n")
    assert main(["push", str(folder), "--json"]) == 2
    told = capsys.readouterr()
    assert "" == told.out
    assert "--yes" in json.loads(told.err)["error"]
    assert {} == versions(world)


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
