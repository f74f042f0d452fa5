"""Follows a guide of docs/ADDING_*.md in a copy of the project."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"""^```(?:(python|yaml|diff)\n#[ ](\S+)|(json)[ ]title="(\S+)")\n(.*?)^```""", re.MULTILINE | re.DOTALL
)
CODE = ("batch", "cli", "definitions", "functions", "local")


def follow(guide, copy):
    """Write what the guide says; return the files that are new."""
    new = []
    for kind, first, _json, title, block in BLOCK.findall((ROOT / "docs" / guide).read_text()):
        path = first or title
        target = copy / path
        if kind == "diff":
            change(target, block)
            continue
        assert not target.exists(), f"{guide} adds {path}, which exists"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block)
        new.append(path)
    return new


def change(target, block):
    lines = block.splitlines()
    before, after = ("\n".join(line[1:] for line in lines if line[:1] in f" {sign}") for sign in "-+")
    text = target.read_text()
    assert 1 == text.count(before), f"{target.name} does not have once:\n{before}"
    target.write_text(text.replace(before, after))


def run(copy, *arguments, script=None):
    done = subprocess.run(
        [sys.executable, *(arguments or ("-",))],
        input=script,
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


LOCAL = """
import hashlib, hmac, json
from local.runtime.host import running
from local.runtime.lambda_events import LocalRequest

def ask(host, method, path, body=b"", **headers):
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = host.request(LocalRequest(method, path, "", sent, body))
    return answer.status, json.loads(answer.body or b"null")
"""
