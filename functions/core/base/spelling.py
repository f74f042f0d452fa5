"""Suggestions for misspelt words."""

from collections.abc import Iterable

# Characters of a word that there are suggestions for.
LONGEST = 200


def nearest(word: object, words: Iterable[object], alike: float = 0.6) -> str | None:
    """The most similar of the known words; None if the similarity of each (difflib's ratio) is below ``alike``."""
    # Needed only for what is refused; functions that process events should not pay for the import.
    from difflib import get_close_matches

    written = str(word)
    if len(written) > LONGEST:
        return None
    return next(iter(get_close_matches(written, list(map(str, words)), 1, alike)), None)
