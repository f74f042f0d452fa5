"""Rows as messages of the Segment HTTP API: each row, or the rows of one order, whole or refused with the reason.

A message's id is a digest of what it says, so the same row of any copy of the file is the same event of the log.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.identity import NOBODY, identifier
from functions.core.base.money import MONEY, currency_code
from functions.sources.bodies import write_json
from functions.sources.event_parts import digest
from functions.sources.tabular import dates, values
from functions.sources.tabular.groups import LINES, group_name, groups, together
from functions.sources.tabular.records import BadValue, Format, Layout, Messages, Refusal, Row
from functions.sources.tabular.targets import PREFIXES, WHO, place

Body = dict[str, Any]
# A value as it is told, by the type of its target; given how the file writes it and the currency.
_TYPES: Mapping[str, Callable[[Any, Format, str], Any]] = {
    "amount": values.amount,
    "number": lambda value, form, _: values.number(value, form),
    "flag": lambda value, _form, _: values.flag(value),
    "date": lambda value, form, _: dates.instant(value, form),
    "list": lambda value, _form, _: values.texts(value),
    "text": lambda value, _form, _: value if isinstance(value, list) else values.text(value),
}
# The largest message that is taken.
BYTES = 32 * 1024


def translate(
    rows: Iterable[Row | Refusal], layout: Layout, now: str, scattered: Collection[str] = ()
) -> Iterator[Messages | Refusal]:
    """The messages of each row, or why it is left out; what lies after ``now`` (RFC 3339) has not happened.

    ``scattered`` are the orders whose rows do not stand together (``seen.scattered``): none of theirs is taken.
    """
    for group in groups(rows, layout):
        if isinstance(group, Refusal):
            yield group
        elif scattered and (name := group_name(group[0], layout)) in scattered:
            yield Refusal(group[0].line, f"the rows of {name[:40]!r} do not stand together: {together(layout)}")
        else:
            yield _translated(group, layout, now)


def _translated(rows: list[Row], layout: Layout, now: str) -> Messages | Refusal:
    line = rows[0].line
    try:
        if why := _unasked(rows[0], layout):
            return Refusal(line, why, unasked=True)
        bodies = _bodies(rows, layout, now)
    except BadValue as bad:
        return Refusal(line, str(bad))
    named = [_named(rows[0], layout, body) for body in bodies]
    if any(len(written) > BYTES for _, written in named):
        return Refusal(line, f"comes to more than {BYTES} bytes")
    return Messages(line, tuple(body for body, _ in named), tuple(written for _, written in named))


def _named(row: Row, layout: Layout, body: Body) -> tuple[Body, bytes]:
    """The message with its id, as it is and as JSON."""
    written = write_json(body)
    own = _Reader(row, layout).text("id")
    name = digest("row", own, body.get("event", "")) if own else digest("row", written)
    return {**body, "messageId": name}, b'%s,"messageId":"%s"}' % (written[:-1], name.encode())


def _unasked(row: Row, layout: Layout) -> str:
    """Why the row is of another kind than is wanted; empty if it is of that kind."""
    for column, wanted in layout.only.items():
        if (values.text(row.values.get(column)) or "").lower() != wanted.lower():
            return f"{column} is not {wanted}"
    for column, others in layout.never.items():
        if (found := (values.text(row.values.get(column)) or "").lower()) in others:
            return f"{column} is {found}"
    return ""


class _Reader:
    """The values of a row by target; what is wrong with one names its column."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self._row, self.layout = row, layout

    def raw(self, target: str) -> Any:
        column = self.layout.columns.get(target)
        return self._row.values.get(column) if column else self.layout.constants.get(target)

    def text(self, target: str) -> str | None:
        return values.text(self.raw(target))

    def instant(self, target: str) -> str | None:
        found: str | None = self._read(target, lambda value: dates.instant(value, self.layout.form))
        return found

    def currency(self) -> str:
        written = self.text("currency") or self.layout.form.currency
        code = currency_code(written) if written else ""
        if code is None:
            raise BadValue(f"{self.layout.columns.get('currency', 'currency')}: is no currency such as EUR")
        return code

    def typed(self, target: str, kind: str, currency: str) -> Any:
        form = self.layout.form
        return self._read(target, lambda value: _TYPES[kind](value, form, currency))

    def consent(self) -> str | None:
        # Words of the file's own are those of its column.
        form = self.layout.form if "consent" in self.layout.columns else Format()
        found: str | None = self._read("consent", lambda value: values.answer(value, form))
        return found

    def _read(self, target: str, read: Any) -> Any:
        try:
            return read(self.raw(target))
        except BadValue as bad:
            raise BadValue(f"{self.layout.columns.get(target, target)}: {bad}") from None


def _bodies(rows: Sequence[Row], layout: Layout, now: str) -> list[Body]:
    if len(rows) > LINES:
        raise BadValue(f"is an order of more than {LINES} rows")
    row = _Reader(rows[0], layout)
    person, at, currency = _person(row), row.instant("time"), row.currency()
    if at is None and "time" in layout.columns and layout.kind != "customers":
        raise BadValue(f"{layout.columns['time']}: is empty")
    own = _told(row, person, currency)
    traits, properties = own["trait"], own["property"]
    if lines := [line for each in rows if (line := _product(_Reader(each, layout), currency))]:
        properties["products"] = lines
    bodies = _happened(row, {"person": person, "traits": traits, "properties": properties, "at": at}, currency)
    bodies += _consent(row, person)
    if any(body.get("timestamp", "") > now for body in bodies):
        raise BadValue("lies in the future")
    return bodies


def _person(row: _Reader) -> Body:
    """The fields of a message that say whom it is about; raises BadValue if nobody is named."""
    named: Body = {}
    for target in WHO:
        written = row.text(target)
        if written is None:
            continue
        space = ("email" if "@" in written else "user_id") if target == "person" else target
        if written.lower() in NOBODY:
            continue
        if identifier(space, written) is None:
            raise BadValue(f"{row.layout.columns.get(target, target)}: names nobody")
        named.setdefault(space, written)
    if not named:
        raise BadValue("names nobody")
    fields = {"userId": named.get("user_id"), "anonymousId": named.get("anonymous_id"), "email": named.get("email")}
    return {name: value for name, value in fields.items() if value}


def _product(row: _Reader, currency: str) -> Body:
    """What the row says of a thing that was bought."""
    return _values(row, ("product",), currency)["product"]


def _told(row: _Reader, person: Body, currency: str) -> dict[str, Body]:
    told = _values(row, PREFIXES, currency)
    if email := person.get("email"):
        told["trait"]["email"] = email
    if currency and any(told[part] for part in ("property", "product")):
        told["property"]["currency"] = currency
    return told


def _values(row: _Reader, parts: Sequence[str], currency: str) -> dict[str, Body]:
    """The values of these parts by their names."""
    found: dict[str, Body] = {part: {} for part in parts}
    for target in (*row.layout.columns, *row.layout.constants):
        part, name, kind = place(target)
        if part in found and (value := row.typed(target, kind, currency)) is not None:
            # Amounts as text keep every digit, and the API reads those of the names that it knows.
            found[part][name] = str(value) if name in MONEY and kind == "amount" else value
    return found


def _happened(row: _Reader, parts: Body, currency: str) -> list[Body]:
    person, traits, properties, at = parts["person"], parts["traits"], parts["properties"], parts["at"]
    if row.layout.kind == "customers":
        return [_body("identify", person, traits, {}, at)]
    if row.layout.kind == "events":
        name = row.text("event")
        if not name or len(name) > 200:
            raise BadValue(f"{row.layout.columns.get('event', 'event')}: is no name of an event")
        if order := row.text("order_id"):
            properties["order_id"] = order
        return [_body("track", person, traits, properties, at, name)]
    order = row.text("order_id")
    if order is None:
        raise BadValue(f"{row.layout.columns.get('order_id', 'order_id')}: is empty")
    bodies = [_body("track", person, traits, {**properties, "order_id": order}, at, "Order Completed")]
    return bodies + _taken_back(row, person, {"order_id": order, "at": at}, currency)


def _taken_back(row: _Reader, person: Body, order: Body, currency: str) -> list[Body]:
    """The cancellation and the refund that the row of an order tells; without a date of their own, of the order's."""
    name, bodies = {"order_id": order["order_id"]}, []
    if cancelled := row.instant("cancelled"):
        bodies.append(_body("track", person, {}, name, cancelled, "Order Cancelled"))
    refunded = row.typed("refunded", "amount", currency)
    if refunded:
        money = {"total": str(refunded), "refund_id": f"import-{order['order_id']}"}
        more = {"currency": currency} if currency else {}
        bodies.append(_body("track", person, {}, {**name, **money, **more}, order["at"], "Order Refunded"))
    return bodies


def _consent(row: _Reader, person: Body) -> list[Body]:
    """The answer about marketing, of a column that is mapped to it; without a time, it is not known when."""
    answer = row.consent()
    if answer is None:
        return []
    said = {"email_marketing_consent": answer}
    return [_body("track", person, said, {}, row.instant("consent_time"), "Consent Changed")]


def _body(kind: str, person: Body, traits: Body, properties: Body, at: str | None, name: str = "") -> Body:
    """The message; an address that only names the person stands in the context."""
    ids: Body = {field: person[field] for field in ("userId", "anonymousId") if field in person}
    about = {**traits, **({"email": person["email"]} if "email" in person else {})}
    body: Body = {"type": kind, **ids, **({"timestamp": at} if at else {})}
    if kind == "identify":
        return {**body, "traits": about}
    return {**body, "event": name, "properties": properties, "context": {"traits": about}}
