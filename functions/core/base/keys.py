"""Ids and keys of definitions: the form of an id, and the suggestion for an unknown key."""

import re
from collections.abc import Collection

from functions.core.base.spelling import nearest

# An id of a definition or a step: lower-case words joined by hyphens.
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
# The id of a named event begins with a letter, since conditions use it as a word.
NAMED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ID_SAYS = f"an id is lower-case words joined by hyphens, at most {LONGEST_ID} characters"

# Names from other products -> the keys to suggest; the first that the definition has is taken.
_OTHERWISE = {
    **dict.fromkeys(("condition", "conditions", "filter", "query", "rule", "if", "where"), ("when", "check", "rules")),
    **dict.fromkeys(("title", "label"), ("name",)),
    **dict.fromkeys(("trigger", "triggers", "entry"), ("start",)),
    **dict.fromkeys(("actions", "action", "flow", "journey"), ("steps",)),
    **dict.fromkeys(("exit", "stop", "conversion", "until"), ("goal",)),
    **dict.fromkeys(("email", "mail", "message", "template"), ("send",)),
    **dict.fromkeys(("delay", "sleep", "pause"), ("wait",)),
    **dict.fromkeys(("content", "html", "mjml"), ("body",)),
    **{"events": ("event", "any of"), "key": ("by",), "points": ("rules",), "levels": ("tiers",)},
}


def is_id(value: object) -> bool:
    """True if the value has the form of an id of a definition or a step; ``ID_SAYS`` is the message if it has not."""
    return isinstance(value, str) and ID.fullmatch(value) is not None and len(value) <= LONGEST_ID


def nearest_key(name: object, names: Collection[str]) -> str | None:
    """The known key to suggest for an unknown one: a synonym, else the most similar; None if none is near."""
    written = str(name).casefold()
    other = next((each for each in _OTHERWISE.get(written, ()) if each in names), None)
    return other or nearest(written, names)
