"""Which column of a part holds what: guessed or ready, with what was said over it; refused where it cannot work."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from cli import errors
from cli.errors import CliError, describe
from cli.imports.forms import form
from cli.imports.options import Arguments
from cli.imports.parts import Part
from functions.core.base import spelling
from functions.core.base.errors import Fault, Malformed
from functions.sources.tabular import exports, guess, targets
from functions.sources.tabular.exports import Export
from functions.sources.tabular.records import Kind, Layout, Row

# Rows by which columns are guessed, and a layout is tried; of objects more, since each may have columns of its own.
SAMPLE, OBJECTS = 200, 10_000


class Chosen(NamedTuple):
    """The layout of a part.

    why     target -> how it was found
    left    columns that are not taken
    asked   of these, what may be answers about marketing
    sample  the first row
    export  what the file was recognised as, in words; empty if it is nothing that is known
    """

    layout: Layout
    why: Mapping[str, str]
    left: Sequence[str]
    asked: Sequence[str]
    sample: Row
    export: str


def choose(part: Part, args: Arguments) -> Chosen | None:
    """The layout of the part; None if it has no row.

    Raises Refusal with every fault, and with the row of the sample that shows it; CliError if no row can be read.
    """
    try:
        rows = _sample(part)
        if not rows:
            return None
        return _checked(_chosen(part, args, _header(rows), rows), part, rows)
    except Malformed as refused:
        raise _refusal(part, refused.faults) from None


def _sample(part: Part) -> list[Row]:
    read = list(islice(part.rows(), OBJECTS if part.kind == "json" else SAMPLE))
    rows = [each for each in read if isinstance(each, Row)]
    wrong = next((each for each in read if not isinstance(each, Row)), None)
    if wrong and not rows:
        raise CliError(f"{part.name}: none of the first rows can be read; row {wrong.line} {wrong.reason}")
    return rows


def _chosen(part: Part, args: Arguments, header: Sequence[str], rows: Sequence[Row]) -> Chosen:
    export = _export(part, args.source, header)
    if export and export.has_local_dates and not args.timezone:
        what = f"the dates of {export.label} are the shop's own time; say of which zone"
        raise Malformed(Fault(what, "timezone", suggestion="Europe/Berlin"))
    mapped = _mapped(args.map or ())
    found = guess.guess(header, rows, args.kind or _kind(mapped))
    base = (
        _ready(export.layout(header, part.name, is_open=part.kind != "csv"), export, args)
        if export
        else _guessed(found)
    )
    why = dict.fromkeys(base.columns, f"as {export.label}") if export else {g.target: g.why for g in found.columns}
    dropped = {target for target, column in mapped.items() if not column}
    base = replace(
        base,
        columns={t: column for t, column in base.columns.items() if t not in dropped and column not in mapped.values()},
        constants={target: value for target, value in base.constants.items() if target not in dropped},
        form=form(args, base.form),
    )
    told = {target: column for target, column in mapped.items() if column}
    layout = targets.layout(base.kind, told, [*header, *base.columns.values()], base)
    layout = replace(layout, group=_group(args, layout, rows))
    taken = {*layout.columns.values(), layout.group, *layout.only, *layout.never}
    left = [name for name in header if name not in taken]
    asked = [name for name in found.consent if name in left]
    reasons = {target: "you said so" if target in told else why[target] for target in layout.columns}
    return Chosen(layout, reasons, left, asked, rows[0], _label(export, part))


def wanted(parts: Sequence[Part], args: Arguments) -> list[Part]:
    """The parts that are exports of one program, where one is; else all of them."""
    if len(parts) < 2 or args.source == "none":
        return list(parts)
    known = {part: exports.recognised(_header(_sample(part)), args.source or "") for part in parts}
    programs = {export.program for export in known.values() if export}
    if len(programs) > 1:
        what = f"holds exports of {', '.join(sorted(programs))}; say which one is meant"
        raise CliError(f"{parts[0].path} {what}: --from {min(programs)}")
    return [part for part, export in known.items() if export] or list(parts)


def _header(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.values))


def _label(export: Export | None, part: Part) -> str:
    if export is None:
        return ""
    unsaid = ", whose name tells no consent" if export.lacks_name(part.name) else ""
    return f"{export.label}{unsaid}"


def _guessed(found: guess.Guesses) -> Layout:
    return Layout(found.kind, {each.target: each.column for each in found.columns})


def _kind(mapped: Mapping[str, str]) -> Kind | None:
    """What rows of which these are told must be."""
    return "events" if mapped.get("event") else "orders" if mapped.get("order_id") else None


def _export(part: Part, program: str | None, header: Sequence[str]) -> Export | None:
    """The ready mapping of the file; raises Malformed if it is none of the program that was named."""
    if program == "none":
        return None
    known = exports.programs()
    if program and program not in known:
        near = spelling.nearest(program, known) or ", ".join(known)
        raise Malformed(Fault(f"no exports of {program!r} are known", "from", suggestion=near))
    found = exports.recognised(header, program or "")
    if program and found is None:
        raise Malformed(Fault(f"{part.name} has not the columns of an export of {program}", "from", suggestion="none"))
    return found


def _ready(layout: Layout, export: Export, args: Arguments) -> Layout:
    if args.kind not in (None, layout.kind):
        raise Malformed(Fault(f"{export.label} holds {layout.kind}", "kind", suggestion=layout.kind))
    return layout


def _mapped(pairs: Sequence[str]) -> dict[str, str]:
    return {target: column for each in pairs for target, column in targets.pairs(each).items()}


def _group(args: Arguments, layout: Layout, rows: Sequence[Row]) -> str:
    """The column that tells which rows are one order: what was said, what is ready, or that of the order's id."""
    header = rows[0].values
    if not args.group:
        column = layout.group or layout.columns.get("order_id", "")
        is_told = layout.group in header or (layout.kind == "orders" and guess.is_shared(column, rows))
        return column if is_told else ""
    if args.group not in header:
        near = spelling.nearest(args.group, header)
        raise Malformed(Fault(f"the file has no column {args.group!r}", "group", suggestion=near))
    if layout.kind != "orders":
        raise Malformed(Fault(f"rows of {layout.kind} are one each; only those of orders belong together", "group"))
    return args.group


def _checked(chosen: Chosen, part: Part, rows: Sequence[Row]) -> Chosen:
    found = guess.faults(chosen.layout, rows)
    if found:
        by_line = {row.line: row for row in rows}
        shown = [f"  row {each.line}: {_shown(chosen.layout, by_line[each.line or 0])}" for each in found]
        raise _refusal(part, found, shown)
    return chosen


def _shown(layout: Layout, row: Row) -> str:
    return ", ".join(
        f"{column}={str(row.values.get(column))[:40]!r}" for column in dict.fromkeys(layout.columns.values())
    )


def _refusal(part: Part, faults: Sequence[Fault], rows: Sequence[str] = ()) -> errors.Refusal:
    views = [
        {"where": each.where, "line": each.line, "message": each.message, "suggestion": each.suggestion}
        for each in faults
    ]
    shown = list(rows) or [""] * len(views)
    lines = [
        line
        for view, row in zip(views, shown, strict=True)
        for line in (describe(part.name, {**view, "message": f"{view['where']}: {view['message']}"}), row)
        if line
    ]
    return errors.Refusal(lines, views)
