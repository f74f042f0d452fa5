"""How the command line looks: help, colour, pipes, narrow terminals, JSON, completion."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli import errors, output
from cli.__main__ import main
from cli.app import application, names
from cli.client import Client
from functions.core.base.quarantine import Quarantined
from tests.console import NOW

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/cli.md").read_text()
ESCAPE = "\x1b"


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setattr("sys.argv", ["segue"])
    for name in ("SEGUE_URL", "SEGUE_TOKEN", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def command(name):
    group = application()
    return group.resolve_command(group.make_context("segue", [name], resilient_parsing=True), [name])[1]


def examples(name):
    told = command(name).epilog.partition("\n")[2]
    return [line.strip().replace("\\[", "[") for line in told.splitlines()]


@pytest.mark.parametrize("name", names())
def test_the_help_of_every_command_has_examples_that_the_command_takes(name, capsys):
    assert main([name, "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert examples(name)
    for example in examples(name):
        assert example in told
        program, called, *arguments = shlex.split(example.partition(" <")[0])
        assert ("segue", name) == (program, called)
        command(name).make_context(name, arguments)


def test_the_examples_of_the_whole_are_of_commands_that_there_are():
    epilog = application().epilog or ""
    called = [shlex.split(line)[1] for line in epilog.splitlines()[1:]]
    assert called
    assert set(called) <= set(names())


@pytest.mark.parametrize("name", names())
def test_every_command_takes_json(name):
    assert "--json" in [option for each in command(name).params for option in each.opts]


def test_the_page_says_what_every_exit_code_means():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    codes = {errors.DONE, errors.REFUSED, errors.IMPOSSIBLE, errors.PARTLY, errors.INTERRUPTED, errors.CLOSED}
    assert codes == told


def test_a_terminal_gets_colour_and_a_pipe_gets_none(capsys, monkeypatch):
    main(["push", "--help"])
    assert ESCAPE not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    output.line(("yes", "green"))
    assert ESCAPE in capsys.readouterr().out


def test_no_color_leaves_out_every_escape_sequence(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    main(["push", "--help"])
    main(["psuh"])
    output.line(("yes", "bold green"))
    output.as_json({"a": 1})
    told = capsys.readouterr()
    assert ESCAPE not in told.out + told.err


def test_no_bar_is_drawn_where_colour_is_forced_upon_a_file(url, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["preview", 'did "Order Completed" within 2 days']) == 0
    assert "" == capsys.readouterr().err


def test_a_narrow_terminal_gets_help_in_which_no_option_is_cut(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["push", "--help"]) == 0
    told = capsys.readouterr().out
    assert "--send-backfilled" in told
    assert "…" not in told
    assert "[bold]" not in told
    assert "  segue push my-shop --local\n" in told


def test_what_a_stranger_wrote_cannot_rewrite_the_screen_and_reaches_a_file_as_it_is(world, url, capsys, monkeypatch):
    body = "[2J\x1b[2J\rgone\u009b2J\u202egnp\u2066\tä"
    world.ports.quarantine.put(Quarantined("shopify", "q1", "no such thing", {}, body, NOW))
    assert main(["quarantine", "show", "shopify", "q1"]) == 0
    assert body in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["quarantine", "show", "shopify", "q1"]) == 0
    assert "[2J\\u001b[2J\\u000dgone\\u009b2J\\u202egnp\\u2066" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["push", "--dry-rnu"], "no such option: --dry-rnu (Possible options: --dry-run)"),
        (["tail", "--state", "lost"], "'lost' is not one of 'claimed', 'released', 'sent', 'held', 'failed'"),
        (["backfills", "--limit", "many"], "--limit"),
        (["delete", "flows"], "missing argument"),
        (["count", "."], "missing option '--events'"),
        (["clock", "1h", "2h"], "unexpected extra argument"),
    ],
)
def test_a_wrong_option_or_argument_is_said_in_a_line_that_names_the_help(capsys, arguments, says):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert "" == told.out
    (line,) = told.err.splitlines()
    assert says in line
    assert line.endswith(f"; `segue {arguments[0]} --help` says what there is")
    assert "Value error" not in line


def test_without_a_command_all_are_listed(capsys):
    assert main([]) == 2
    told = capsys.readouterr().out
    assert all(name in told for name in names())


def test_what_stops_a_command_is_json_where_json_was_asked_for(world, url, capsys):
    assert main(["preview", 'dit "X"', "--json"]) == 1
    told = capsys.readouterr()
    error = json.loads(told.err)
    assert ("", 1) == (told.out, len(error["faults"]))
    assert "did" == error["faults"][0]["suggestion"]
    assert main(["pull", "--url", "http://127.0.0.1:1", "--json"]) == 2
    assert "nobody answers" in json.loads(capsys.readouterr().err)["error"]


def test_every_command_that_needs_no_more_than_a_host_prints_json(world, url, tmp_path, capsys):
    for arguments in (
        ["clock"],
        ["token", "--local"],
        ["pull", str(tmp_path)],
        ["backfills"],
        ["trigger", "shopify"],
        ["schema", "--write", str(tmp_path / "schema")],
        ["impact", *(str(ROOT / "definitions" / path) for path in ("events", "segments/high-value.yaml"))],
    ):
        assert main([*arguments, "--json"]) in (0, 1), arguments
        json.loads(capsys.readouterr().out)


def test_a_host_that_answers_something_else_is_said_to_be_no_segue_host(world, url, capsys, monkeypatch):
    monkeypatch.setattr(Client, "get", lambda client, _path, _query=None: client.call("GET", "/_local/clock"))
    assert main(["backfills"]) == 2
    assert "not as a Segue host does" in capsys.readouterr().err


def test_what_is_not_utf_8_text_is_said_not_to_be(url):
    for arguments, given in ((["preview", "-"], b"\xff"), ([b"explain", b"email:\xff@x.org", b"vip"], b"")):
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )
        _, told = process.communicate(given)
        assert (b"what was given is not UTF-8 text\n", 2) == (told, process.returncode)


def test_a_token_that_cannot_be_sent_is_refused_before_it_is(url, capsys):
    assert main(["backfills", "--token", "a\nb"]) == 2
    assert "characters that no token has" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["schema", "segments"], ["push", "--help"]])
def test_a_reader_who_has_enough_ends_any_output_quietly(arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert ("", 141) == (process.stderr.read(), process.wait())


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("segue pu", {"pull", "push"}),
        ("segue push --s", {"--send-backfilled"}),
        ("segue tail --state s", {"sent"}),
        ("segue delete seg", {"segments"}),
        ("segue schema c", {"conditions"}),
        ("segue trigger sh", {"shopify"}),
        ("segue trigger shopify orders/c", {"orders/create", "orders/cancelled"}),
    ],
)
def test_a_shell_completes_commands_options_and_what_they_take(capsys, monkeypatch, line, offers):
    monkeypatch.setenv("_SEGUE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    with pytest.raises(SystemExit) as ended:
        main([])
    assert 0 == ended.value.code
    assert offers == set(capsys.readouterr().out.split())
