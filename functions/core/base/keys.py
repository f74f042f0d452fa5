"""Ids and keys of definitions: the form of an id, and which key was probably meant."""

import re
from collections.abc import Collection

# An id of a definition or a step: lower-case words joined by hyphens.
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
# The id of a named event, which stands in conditions as a word: a letter first.
NAMED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ID_SAYS = f"an id is lower-case words joined by hyphens, at most {LONGEST_ID} characters"

# What other products call the same; the first that is a key of the definition is meant.
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
    """Whether the value may be the id of a definition or a step; what to say of one that may not is ``ID_SAYS``."""
    return isinstance(value, str) and ID.fullmatch(value) is not None and len(value) <= LONGEST_ID


def meant(name: object, names: Collection[str]) -> str | None:
    """The known key that was probably meant."""
    # Loaded for who mistypes: ids are checked in functions whose start should not pay for it.
    from difflib import get_close_matches

    written = str(name).casefold()
    other = next((each for each in _OTHERWISE.get(written, ()) if each in names), None)
    return other or next(iter(get_close_matches(written, names, 1, 0.6)), None)
