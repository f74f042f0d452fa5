"""Reads what stands in standard input with the readers that lie first on Python's path, and prints what it says.

Run by test_release_before.py with the packed readers of the release before; it needs nothing else of this repository.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

ROWS = "functions.adapters.dynamodb.rows"


def plain(value: Any) -> Any:
    """A record as JSON: one with named fields is an object, any other mapping a list of pairs."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: plain(each) for name, each in value._asdict().items()}
    if hasattr(value, "held"):
        return plain(value.held)
    if isinstance(value, Mapping):
        return sorted(([plain(key), plain(each)] for key, each in value.items()), key=json.dumps)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value), key=json.dumps)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return value if isinstance(value, str | int | bool | None) else repr(value)


def read_row(kind: str, item: Any) -> Any:
    """The record of a row; None for a kind that these readers do not know, and so never read."""
    try:
        module = import_module(f"{ROWS}.{kind}")
    except ModuleNotFoundError:
        return None
    return plain(module.from_item(_with_bytes(item)))


def read_task(queue: str, body: str) -> Any:
    """The task of a message; None for a queue of which these readers do not know."""
    try:
        import_module(f"functions.core.base.tasks.{queue}")
    except ModuleNotFoundError:
        return None
    task = import_module("functions.core.base.task_codec").decode(queue, body)
    return {"kind": type(task).__name__, **plain(task)}


def read_state(packed: str, names: Any) -> Any:
    """The state of a profile."""
    unpack = import_module("functions.core.profiles.state").unpack
    return plain(unpack(bytes.fromhex(packed), dict(names), "p1"))


def read_bundle(name: Any, parts: Any) -> Any:
    """The definitions of a bundle."""
    bundle = import_module("functions.adapters.dynamodb.bundle")
    rows = [import_module(f"{ROWS}.bundle_parts").from_item(_with_bytes(each)) for each in parts]
    name = import_module(f"{ROWS}.current_versions").BundleName(*name)
    bundle.check(name)
    return plain(bundle.read(name, rows))


READERS = {"row": read_row, "task": read_task, "state": read_state, "bundle": read_bundle}


def _with_bytes(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: b64decode(each) if name == "B" else _with_bytes(each) for name, each in value.items()}
    return [_with_bytes(each) for each in value] if isinstance(value, list) else value


def answer(kind: str, *arguments: Any) -> Any:
    """What reading says, or the error that it raised."""
    try:
        return {"read": READERS[kind](*arguments)}
    except Exception as error:  # Whatever it is, it is what a function would have failed with.
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    place = import_module("functions").__file__
    json.dump({"from": place, "answers": [answer(*each) for each in json.load(sys.stdin)]}, sys.stdout)
