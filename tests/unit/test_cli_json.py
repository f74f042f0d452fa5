"""The command line with --json: standard output is JSON or nothing, and what stops a command is JSON as well."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.app import names
from functions import wiring
from functions.core.base.quarantine import Quarantined
from functions.core.base.task_codec import decode
from functions.core.base.tasks.jobs import SweepSegment
from functions.core.base.tasks.refolds import RebuildSegment
from functions.usecases.rebuild import rebuild
from functions.usecases.sweep import sweep
from tests.console import ANN, DAY, NOW, SHOP, order
from tests.queues import taken
from tests.served import served
from tests.unit.pushed_files import FILES, write
from tests.unit.stored_rows import JOB
from tests.unit.test_cli_account import GOOD
from tests.unit.test_cli_count import ORDERS
from tests.unit.test_cli_feeds import SENT

ROOT = Path(__file__).parent.parent.parent
TILL = ROOT / "tests" / "golden" / "declared" / "till.yaml"
SALE = TILL.with_name("sale.json")

# What cannot be a command, with a part of what is said about it. Each is tried with --json at every place.
MISUSES = {
    "unknown command": (["psuh"], "there is no command 'psuh'; did you mean `segue push`?"),
    "unknown option": (["push", "--dry-rnu"], "no such option: --dry-rnu"),
    "unknown option before the command": (["--loud", "push"], "no such option: --loud"),
    "missing argument": (["delete", "flows"], "missing argument"),
    "missing option": (["count", "."], "missing option '--events'"),
    "too many arguments": (["clock", "1h", "2h"], "unexpected extra argument"),
    "a word that is none of the choices": (["tail", "--state", "lost"], "'lost' is not one of"),
    "no number": (["backfills", "--limit", "many"], "--limit"),
    "a number that is too small": (["quarantine", "--limit", "0"], "--limit"),
    "no span": (["check", "--log-retention", "soon"], "write 30s, 15m, 24h or 2d"),
    "an option without its value": (["backfills", "--limit"], "--limit"),
    "no host": (["backfills"], "which host?"),
}
PLACES = [
    pytest.param([*words[:place], "--json", *words[place:]], says, id=f"{name}, --json at {place}")
    for name, (words, says) in MISUSES.items()
    for place in range(len(words) + 1)
]


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setattr("sys.argv", ["segue"])
    for name in ("SEGUE_URL", "SEGUE_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def url(world, monkeypatch):
    with served(world, shopify=wiring.ports().secrets.get("shopify")[0]) as found:
        monkeypatch.setenv("SEGUE_URL", found)
        monkeypatch.setenv("SEGUE_TOKEN", world.token)
        yield found


@pytest.fixture
def folder(tmp_path):
    shop = tmp_path / "shop"
    write(shop, FILES)
    (shop / "orders.csv").write_text(ORDERS)
    (shop / "people.csv").write_text("email\nann@x.org\n")
    return shop


def error_of(told):
    """The one JSON object on standard error, with nothing on standard output."""
    assert "" == told.out
    error = json.loads(told.err)
    assert {"error", "faults"} == error.keys()
    assert isinstance(error["error"], str) and isinstance(error["faults"], list)
    return error


@pytest.mark.parametrize(("arguments", "says"), PLACES)
def test_a_misused_command_is_told_as_json_wherever_json_was_asked_for(capsys, arguments, says):
    assert main(arguments) == 2
    error = error_of(capsys.readouterr())
    # Before the command --json is no option, and behind an option that takes a value it is that.
    assert any(each in error["error"] for each in (says, "no such option: --json", "'--json'"))


OF_A_COMMAND = {name: each for name, each in MISUSES.items() if not each[0][0].startswith("-")}


@pytest.mark.parametrize(("words", "says"), OF_A_COMMAND.values(), ids=OF_A_COMMAND)
def test_a_misused_command_has_the_same_words_and_exit_code_with_and_without_json(capsys, words, says):
    assert main(words) == 2
    plain = capsys.readouterr().err
    assert says in plain
    assert main([words[0], "--json", *words[1:]]) == 2
    assert plain == f"{error_of(capsys.readouterr())['error']}\n"


def test_json_behind_two_dashes_is_a_word_and_asks_for_nothing(capsys):
    assert main(["clock", "--", "--json"]) == 2
    assert not capsys.readouterr().err.startswith("{")


def test_a_python_without_a_package_is_told_of_it_as_json(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cli.main", None)
    monkeypatch.delitem(sys.modules, "typer", raising=False)

    def without_typer(name, *_args, **_more):
        raise ModuleNotFoundError(name="typer")

    monkeypatch.setattr("builtins.__import__", without_typer)
    code = main(["push", "--json"])
    monkeypatch.undo()
    assert code == 2
    assert "lacks typer" in error_of(capsys.readouterr())["error"]


def started(script, *arguments):
    words = [sys.executable, "-c", script, *arguments]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)


def interrupted(*arguments):
    """Run a command that is interrupted while it is at work, as Ctrl-C does."""
    script = (
        "import signal, sys; from cli import client\n"
        "def stop(*_): signal.raise_signal(signal.SIGINT)\n"
        "client.connect = stop\n"
        "from cli.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    return started(script, *arguments)


def test_an_interrupted_command_ends_with_130_and_without_a_trace():
    done = interrupted("backfills")
    assert (130, "", "") == (done.returncode, done.stdout, done.stderr.strip())


def test_an_interrupted_command_says_so_in_json():
    done = interrupted("backfills", "--json")
    assert (130, "") == (done.returncode, done.stdout)
    assert {"error": "interrupted", "faults": []} == json.loads(done.stderr)


def test_a_command_that_is_interrupted_while_it_starts_ends_with_130_and_without_a_trace():
    script = (
        "import signal, sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from cli.__main__ import main\n"
        "sys.exit(main(['backfills']))"
    )
    done = started(script)
    assert (130, "", "") == (done.returncode, done.stdout, done.stderr)


# What a program may rely on: the keys of each command's answer, or of each entry of a list or line. More may come.
CHANGE = {"kind", "id", "change", "version"}
STATE = {"id", "kind", "version", "state"}
KEYS = {
    "account": {"works", "findings"},
    "adopt": {"tables", "context"},
    "backfills": {"revision", "cause", "state", "began", "finished", "lanes", "profiles"},
    "check": {"checked", "faults"},
    "clock": {"now"},
    "cost": {"region", "bills", "months", "idle", "dollars"},
    "count": {"people", "segments"},
    "delete": {"id", "kind", "version", "withdrawn"},
    "drain": STATE,
    "erase": {"shop", "asked", "before", "confirmed", "author"},
    "explain": {"bounds", "history", "holds", "looked_at", "since", "tree", "until", "version"},
    "export": {"file", "people", "count"},
    "impact": {"segments/buyers"},
    "import": {"dry_run", "parts", "taken", "messages", "refused", "unasked", "same", "report"},
    "jobs": {"id", "kind", "subject", "state", "author", "asked", "at", "ended", "fault"},
    "pause": STATE,
    "preview": {"count", "sample", "sentence"},
    "pull": {"definitions", "written"},
    "push": CHANGE,
    "quarantine": {"source", "id", "received", "reason", "bytes"},
    "rebuild": {"rebuilt", "failed"},
    "refold": {"queued"},
    "release": {"works", "deployed", "findings"},
    "replay": {"id", "replayed", "events", "reason"},
    "resume": STATE,
    "schema": {"written"},
    "source": {"ignored", "id", "events", "faults"},
    "tail": {"at", "flow", "template", "state", "address", "profile", "cause", "reason"},
    "token": {"token"},
    "trigger": {"source", "topic", "bytes"},
}


def rebuilt(world):
    """Do what a rebuild has queued, without the lines of a handler."""
    for body in taken("refolds"):
        task = decode("refolds", body)
        assert isinstance(task, RebuildSegment)
        rebuild(world.context, task, lambda: False)
    for body in taken("jobs"):
        sweep_task = decode("jobs", body)
        assert isinstance(sweep_task, SweepSegment)
        sweep(world.context, sweep_task, lambda: False)


def test_every_command_prints_json_with_the_same_keys_every_time(world, url, folder, tmp_path, capsys, monkeypatch):
    # Whoever waits for a job has it done meanwhile.
    monkeypatch.setattr("functions.handlers.routes.jobs.sleep", lambda _: rebuilt(world))
    world.tell(order(ANN, 5 * DAY))
    world.ports.ledger.claim(SENT)
    world.ports.quarantine.put(Quarantined("shopify", "q1", "not mapped", {"x-shopify-topic": "nothing"}, "[]", NOW))
    world.ports.erasures.ask(SHOP, NOW)
    world.ports.jobs.close(JOB.close("failed", NOW, "a fault"))
    story = (
        f"push {folder} --yes",
        f"check {folder}",
        "pause hello",
        "drain hello",
        "resume hello",
        "backfills",
        "jobs",
        "clock",
        "token --local",
        f"pull {tmp_path}/copy",
        f"schema --write {tmp_path}/schema",
        f"impact {folder}/segments/buyers.yaml",
        f"export buyers --out {tmp_path}/buyers.csv --addresses",
        f"import {folder}/people.csv --yes --local",
        "preview 'did \"Order Completed\" within 2 days'",
        "explain email:ann@x.org buyers",
        "tail --once --state sent",
        "quarantine",
        "replay shopify q1",
        "rebuild",
        "refold email:ann@x.org",
        "trigger shopify orders/create --local",
        f"erase --shop --confirm {SHOP}",
        "delete flows hello",
        f"count {folder} --events {folder}/orders.csv",
        f"cost {tmp_path}/template.json",
        f"source try {TILL} --sample {SALE}",
        "adopt log=segue-log",
        "account",
        "release",
    )
    monkeypatch.setattr("cli.commands.release._outputs", lambda args: {"FormatsTable": "segue-formats"})
    monkeypatch.setattr("cli.commands.account._asking", lambda region: lambda action, **_: GOOD[action])
    (tmp_path / "template.json").write_text('{"Resources": {"a": {"Type": "AWS::CloudWatch::Alarm"}}}')
    printed = {}
    for line in story:
        name, *arguments = shlex.split(line)
        assert main([name, *arguments, "--json"]) in (0, 1), line
        told = capsys.readouterr()
        assert told.out, told.err
        value = json.loads(told.out)
        printed[name] = set((value[0] if isinstance(value, list) else value).keys())
    assert set(names()) == KEYS.keys()
    assert {} == {name: lacking for name, keys in KEYS.items() if (lacking := keys - printed[name])}


def test_a_body_that_is_shown_is_json_or_refused_where_json_was_asked_for(tmp_path, capsys):
    shown = ["trigger", "shopify", "orders/create", "--show", "--json"]
    assert main(shown) == 0
    assert "email" in json.loads(capsys.readouterr().out)
    (tmp_path / "body.xml").write_text("<order/>")
    assert main([*shown, "--file", str(tmp_path / "body.xml")]) == 2
    assert "holds no JSON" in error_of(capsys.readouterr())["error"]
