"""Event labels: the words that sentences use for an event, such as its verb, its negation and what was spent.

The labels of the standard vocabulary are shipped. A definition of the kind ``events`` adds its own, for all the events
it lists together, or for the one that it lists. Before a condition is rendered, the labels are put beside its events,
so that operators need no lookup; stored conditions have none.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.spelling import nearest
from functions.core.segments.language.label import BY_PROPERTY, Events, Label, Labels
from functions.core.segments.language.shipped_labels import SHIPPED
from functions.core.segments.priced import currency_said, is_money

__all__ = ["BY_PROPERTY", "PLAIN", "SHIPPED", "Label", "Labels", "Style", "labelled", "labels_of", "style_of"]

Groups = Mapping[str, Mapping[str, Any]]


# The prefix that marks an id of named events; no event of the vocabulary begins with it.
_NAMED = "#"
_NET = "net "


# Currency signs that the language accepts before a number.
SIGNS = {
    **{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "TRY": "₺", "UAH": "₴"},
    **{"VND": "₫", "ILS": "₪", "THB": "฿", "NGN": "₦", "PHP": "₱"},
}


class Style(NamedTuple):
    """How a shop's sentences are written: its event labels, and the currency sign to put before amounts of money."""

    known: Labels = SHIPPED
    sign: str = ""


PLAIN = Style()


def style_of(groups: Mapping[str, Mapping[str, Any]], currency: str) -> Style:
    """The style of a shop; amounts have no sign if the currency has none."""
    return Style(labels_of(groups), SIGNS.get(currency.upper(), ""))


def labels_of(groups: Mapping[str, Mapping[str, Any]]) -> Labels:
    """The shipped labels together with those of the shop's definitions of events.

    Each wording has one meaning: words that the shop uses itself are removed from the shipped labels.
    """
    own = {_key_of(name, body): Label(**body["label"]) for name, body in groups.items() if "label" in body}
    own_words = {words for label in own.values() for words in label_words(label).values()}
    return {**{key: _without(label, own_words) for key, label in SHIPPED.items()}, **own} if own else SHIPPED


def label_words(label: Label) -> dict[str, str]:
    """The words of a label by their grammatical place: ``{"past": "ordered", "sum.total": "spent"}``."""
    one = {name: words for name, words in label._asdict().items() if name not in BY_PROPERTY and name != "joined"}
    several = {f"{name}.{path}": words for name in BY_PROPERTY for path, words in getattr(label, name).items()}
    return {name: words for name, words in (one | several).items() if words}


class RepeatedWords(NamedTuple):
    """Words of a label with their place, and the other place that uses the same words."""

    where: str
    words: str
    elsewhere: str


def repeated_words(body: Mapping[str, Any], others: Groups) -> Iterator[RepeatedWords]:
    """Yield words of a definition's label that it uses twice or that another definition's label uses."""
    theirs = {words: f"events/{name} {place}" for name, other in sorted(others.items()) for place, words in _own(other)}
    for where, words in _own(body):
        if words in theirs:
            yield RepeatedWords(where, words, theirs[words])
        theirs[words] = where


def _own(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    label = Label(**body["label"]) if "label" in body else Label()
    yield from ((f"label.{place}", words) for place, words in label_words(label).items())


def _without(label: Label, used: Container[str]) -> Label:
    """The label without the words in ``used``."""
    if not any(words in used for words in label_words(label).values()):
        return label
    return Label(**{name: _kept(value, used) for name, value in label._asdict().items()})


def _kept(value: Any, used: Container[str]) -> Any:
    if isinstance(value, Mapping):
        return {path: words for path, words in value.items() if words not in used}
    return "" if value in used else value


def _key_of(name: str, body: Mapping[str, Any]) -> Events:
    return (body["any of"][0],) if len(body["any of"]) == 1 else (f"{_NAMED}{name}",)


def summand(path: str) -> dict[str, Any]:
    """The JSON for the property of a label's sum; ``net total`` is the total less refunds."""
    plain = path.removeprefix(_NET)
    return {"property": plain} if plain == path else {"property": plain, "net": True}


def key(events: Iterable[str | Mapping[str, Any]]) -> Events:
    """The key under which the events of a condition have their label."""
    return tuple(each if isinstance(each, str) else f"{_NAMED}{each['named']}" for each in events)


def event_of_verb(word: str, labels: Labels) -> str | None:
    """The event to suggest for a (misspelt) verb in its place: ``"Order Completed"`` for ``ordered``."""
    verbs = {label.past: key for key, label in labels.items() if label.past and len(key) == 1}
    key = verbs.get(nearest(word, verbs) or "", ("",))[0]
    return (key.removeprefix(_NAMED) if key.startswith(_NAMED) else f'"{key}"') if key else None


def events(key: Events) -> list[Any]:
    """The events of a condition, from the key of the label that was parsed."""
    return [{"named": each.removeprefix(_NAMED)} if each.startswith(_NAMED) else each for each in key]


def labelled(value: Any, style: Style) -> Any:
    """The condition with labels beside events that have one, and the currency sign beside amounts of money."""
    if isinstance(value, list | tuple):
        return [labelled(each, style) for each in value]
    if not isinstance(value, Mapping):
        return value
    if style.sign and (currency := currency_said(value)):
        style = style._replace(sign=SIGNS.get(currency, ""))
    result = {name: labelled(each, style) for name, each in value.items()}
    if isinstance(value.get("events"), list):
        result |= _label_of(key(value["events"]), style.known)
    if style.sign and is_money(value.get("property")):
        result["sign"] = style.sign
    return result


def _label_of(names: Events, labels: Labels) -> dict[str, Any]:
    """The label of the events together, and the labels of each of them if all have one."""
    part: dict[str, Any] = {"label": labels[names]} if names in labels else {}
    each = [labels[(name,)] for name in names if (name,) in labels]
    return part | ({"labels": each} if len(each) == len(names) else {})
