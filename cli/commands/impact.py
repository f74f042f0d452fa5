"""Tell what publishing segments or flows would change, without publishing: `segue impact flows/cart-recovery.yaml`."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from cli.client import Client, add_host, connect, quoted
from cli.errors import CliError, RefusedByHost, describe
from cli.folder import DefinitionFile, find

# The kinds whose publication changes what people are in, or where runs under way go on.
KINDS = ("segments", "flows")


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("path", nargs="+", help="files of segments and flows, as `segue push` takes them")
    parser.add_argument(
        "--send-backfilled", action="store_true", help="as if those whom segments bring in were to enter now"
    )
    parser.add_argument("--json", action="store_true", help="the answers as the API gives them")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print what would become of people, or of runs under way, for each file; or its faults, and 1."""
    files = find(map(Path, args.path))
    if other := next((each for each in files if each.kind not in KINDS), None):
        raise CliError(f"{other.path}: impact is told of {' and '.join(KINDS)}, not of {other.kind}")
    client = connect(args)
    answers = {each.address: answer for each in files if (answer := _ask(client, each, send=args.send_backfilled))}
    if args.json:
        print(json.dumps(answers, indent=2, ensure_ascii=False))
    else:
        print("".join(f"{address}\n{_words(answer)}" for address, answer in answers.items()), end="")
    return 0 if len(answers) == len(files) else 1


def _ask(client: Client, file: DefinitionFile, *, send: bool) -> dict[str, Any] | None:
    """The host's answer; None if it refuses the text, with every fault told."""
    query = {"backfilled": "send"} if send and file.kind == "segments" else None
    try:
        answer: dict[str, Any] = client.post_text(f"/api/{file.kind}/{quoted(file.id)}/impact", file.text(), query)
    except RefusedByHost as refused:
        for fault in refused.faults:
            print(describe(file.path, fault), file=sys.stderr)
        return None
    return answer


def _words(answer: dict[str, Any]) -> str:
    """What the host says, and for a flow the ids of its steps: they name the places in it."""
    groups = answer.get("groups")
    lines = [group["text"] for group in groups] if groups else [answer["text"]]
    steps = [f"steps: {', '.join(answer['steps'])}"] if "steps" in answer else []
    return "".join(f"  {line}\n" for line in (*steps, *lines))
