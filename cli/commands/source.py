"""Try a declared source on a body before it is published: the events that come of it, or every fault with its place."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cli import output
from cli.errors import DONE, REFUSED, CliError, Refusal, describe
from cli.options import AsJson
from functions.settings import DEFAULTS

EXAMPLES = (
    "segue source try my-shop/sources/till.yaml --sample sale.json",
    "segue source try my-shop/sources/till.yaml --sample - --header 'X-Topic: sale'",
    "segue source try my-shop/sources/till.yaml --sample sale.json --as-sample",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    action: Annotated[Literal["try"], typer.Argument(help="What to do.", metavar="ACTION")]
    file: Annotated[Path, typer.Argument(help="The definition, whatever its samples say.", metavar="FILE")]
    sample: Annotated[Path, typer.Option(help="A body as the sender sends it, - for standard input.", metavar="FILE")]
    header: Annotated[
        list[str] | None,
        typer.Option(help="A header of the request that the definition reads.", metavar="NAME:TEXT"),
    ] = None
    currency: Annotated[str, typer.Option(help="The shop's, for amounts that name none.", metavar="CODE")] = DEFAULTS[
        "SHOP_CURRENCY"
    ]
    as_sample: Annotated[bool, typer.Option("--as-sample", help="Print an entry for the definition's samples.")] = False


def run(args: Arguments) -> int:
    """Print what comes of the body; no host is asked."""
    from functions.core.definitions.document import read
    from functions.core.definitions.loading import with_id
    from functions.core.definitions.source_samples import of_sample
    from functions.core.mappings.mapping import compile_mapping

    text, body = with_id(_text(args.file), args.file.stem), _text(args.sample)
    mapping = compile_mapping(_definition(args.file, text))
    headers = dict(map(_header, args.header or ()))
    mapped = of_sample(mapping, body, headers, args.currency)
    document = read(text)
    # What is wrong with the body itself has its place in the body.
    faults = _views(each if each.where == "body" else document.place(each) for each in mapped.faults)
    events = [_view(event) for event in mapped.events]
    if args.as_sample and not faults:
        output.line(f"  - {_sample(body, headers, args.currency, events)}")
    elif args.json:
        output.as_json({"ignored": mapped.ignored, "id": mapped.identity, "events": events, "faults": faults})
    else:
        _show(args.file, mapped.ignored, events, faults)
    return REFUSED if faults else DONE


def _definition(path: Path, text: str) -> dict[str, Any]:
    from functions.core.base.errors import DefinitionRefused
    from functions.core.definitions.source import load_untried

    try:
        return load_untried(text)
    except DefinitionRefused as refused:
        faults = _views(refused.faults)
        raise Refusal([describe(path, each) for each in faults], faults) from None


def _views(faults: Any) -> list[dict[str, Any]]:
    from functions.core.answers.views import fault_view

    return list(map(fault_view, faults))


def _text(path: Path) -> str:
    if str(path) != "-" and not path.is_file():
        raise CliError(f"{path} does not exist")
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CliError(f"{path} is not UTF-8 text") from None


def _header(written: str) -> tuple[str, str]:
    name, colon, value = written.partition(":")
    if not colon:
        raise CliError(f"--header {written!r}: write 'X-Topic: sale'")
    return name.strip().lower(), value.strip()


def _view(event: Any) -> dict[str, Any]:
    """An event as samples expect it, amounts in minor units."""
    from functions.core.answers.views import plain
    from functions.core.base.plain_values import written

    parts = {
        "event": event.name,
        "time": written(event.at),
        "person": list(event.identifiers),
        "properties": plain(event.properties),
        "traits": plain(event.traits),
        "consent": event.consent,
    }
    return {name: value for name, value in parts.items() if value is not None and value != {}}


def _sample(body: str, headers: dict[str, str], currency: str, events: list[dict[str, Any]]) -> str:
    """A sample as one line of JSON, which is YAML too."""
    entry: dict[str, Any] = {"body": json.loads(body)}
    entry |= {"headers": headers} if headers else {}
    entry |= {"currency": currency} if currency != "EUR" else {}
    return json.dumps(entry | {"expect": events}, ensure_ascii=False)


def _show(path: Path, ignored: bool, events: list[dict[str, Any]], faults: list[dict[str, Any]]) -> None:
    for fault in faults:
        where = "the body" if fault.get("where") == "body" else path
        output.note((describe(where, fault), "red"))
    if ignored:
        output.line("ignored: the body is acknowledged, and nothing comes of it")
    for event in events:
        output.line((event["event"], "bold"), f"  {event.get('time', 'when it is received')}")
        for name in ("person", "properties", "traits", "consent"):
            if name in event:
                output.line((f"  {name}: ", "dim"), json.dumps(event[name], ensure_ascii=False))
