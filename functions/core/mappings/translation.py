"""Evaluate a source's mapping over one body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.core.base import money, plain_values
from functions.core.base.errors import Fault
from functions.core.base.events import Consent
from functions.core.base.identity import identifiers
from functions.core.mappings import output
from functions.core.mappings.expression import Expression, Failed
from functions.core.mappings.functions import MappingFunctions
from functions.core.mappings.mapping import Rule, SourceMapping
from functions.core.mappings.records import Mapped, MappedEvent
from functions.core.mappings.steps import Steps

_ANSWERS: Mapping[str, Consent] = {
    "subscribed": "subscribed",
    "pending": "pending",
    "unsubscribed": "unsubscribed",
}


def translate(
    mapping: SourceMapping, body: Any, headers: Mapping[str, str], currency: str, steps: Steps | None = None
) -> Mapped:
    """What the body becomes, or every fault with its place in the definition.

    ``headers`` have lower-case names, ``currency`` is the shop's; ``steps`` are those that bodies share.
    """
    reading = _Reading(body, headers, currency, steps or Steps())
    if mapping.ignore and output.is_true(reading.value("ignore", mapping.ignore)):
        return Mapped(ignored=True)
    identity = reading.identity(mapping.identity) if mapping.identity else None
    events = [
        event
        for place, rule in enumerate(mapping.rules)
        if reading.holds(f"events[{place}]", rule) and (event := reading.event(place, rule))
    ]
    if not events and not reading.faults:
        reading.faults.append(Fault("no event of the source has a `when` that holds for this body", "events"))
    return Mapped(faults=tuple(reading.faults)) if reading.faults else Mapped(identity, tuple(events))


@dataclass
class _Reading:
    """The evaluation of expressions over one body; what fails is noted in ``faults``."""

    body: Any
    headers: Mapping[str, str]
    currency: str
    steps: Steps
    faults: list[Fault] = field(default_factory=list)

    def value(self, where: str, expression: Expression, currency: str = "") -> Any:
        """What the expression gives; None if that fails, which is noted at ``where``."""
        if self.steps.left < 0:
            return None
        functions = MappingFunctions(self.steps, self.headers, currency or self.currency)
        try:
            return expression.value(self.body, functions, self.steps)
        except Failed as error:
            return self._fault(error.reason, where)

    def identity(self, expression: Expression) -> str | None:
        """The body's own id."""
        value = plain_values.text(self.value("identity", expression), 2_000)
        return value or self._fault("the id of the delivery is neither text nor a whole number", "identity")

    def holds(self, where: str, rule: Rule) -> bool:
        """True if the rule is about this body."""
        when = rule.single.get("when")
        return when is None or output.is_true(self.value(f"{where}.when", when))

    def event(self, place: int, rule: Rule) -> MappedEvent | None:
        """The event of a rule that holds; None if it names nobody, which is noted."""
        where, room = f"events[{place}]", output.room()
        at, person = self._time(where, rule), self._person(where, rule)
        properties = self._properties(where, rule, room)
        traits = self._plain(f"{where}.traits", self._named(where, "traits", rule), room)
        consent = self._consent(where, rule)
        if not person:
            self._fault("the body names nobody", f"{where}.person")
            return None
        return MappedEvent(rule.name, place, at, person, properties, traits, consent)

    def _time(self, where: str, rule: Rule) -> int | None:
        """Milliseconds UTC; a stated time that is none is noted, since times are keys of the log."""
        if (expression := rule.single.get("time")) is None:
            return None
        value = self.value(f"{where}.time", expression)
        found = value if isinstance(value, int) and not isinstance(value, bool) else plain_values.instant(value)
        is_time = found is not None and 0 <= found < 1 << 48
        return found if is_time else self._fault("this gives no time; instant(…) reads one", f"{where}.time")

    def _person(self, where: str, rule: Rule) -> tuple[str, ...]:
        return identifiers(*self._named(where, "person", rule).items())

    def _properties(self, where: str, rule: Rule, room: Steps) -> dict[str, Any]:
        """The properties, with amounts in minor units of the event's currency: its own, else that of its amounts."""
        stated = rule.named["properties"].get("currency")
        own = money.currency_code(self.value(f"{where}.properties.currency", stated)) if stated else None
        values = self._named(where, "properties", rule, own or "")
        properties = self._plain(f"{where}.properties", values, room)
        used = output.currencies(values) if self.steps.left >= 0 and properties else set()
        if len(used | ({own} if own else set())) > 1:
            self._fault("the amounts of one event have one currency", f"{where}.properties.currency")
        if plain_values.text(properties.get("order_id")):
            properties["order_id"] = plain_values.order_id(properties["order_id"])
        return money.normalise(properties, own or next(iter(used), self.currency))

    def _plain(self, where: str, values: Mapping[str, Any], room: Steps) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            try:
                copied = output.plain(value, name, room)
            except Failed as error:
                self._fault(error.reason, f"{where}.{name}")
                return {}
            if copied is not None and copied not in ("", [], {}):
                found[name] = copied
        return found

    def _named(self, where: str, key: str, rule: Rule, currency: str = "") -> dict[str, Any]:
        return {
            name: self.value(f"{where}.{key}.{name}", expression, currency)
            for name, expression in rule.named[key].items()
        }

    def _consent(self, where: str, rule: Rule) -> Consent | None:
        expression = rule.single.get("consent")
        value = self.value(f"{where}.consent", expression) if expression else None
        answer = _ANSWERS.get(value) if isinstance(value, str) else None
        if answer is None and value is not None:
            self._fault("consent is 'subscribed', 'unsubscribed', 'pending' or null", f"{where}.consent")
        return answer

    def _fault(self, message: str, where: str) -> Any:
        """Note the fault, if it is the first of its place; None, as the value that is missing for it."""
        if not any(fault.where == where for fault in self.faults):
            self.faults.append(Fault(message, where))
        return None
