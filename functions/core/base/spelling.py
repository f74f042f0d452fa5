"""Suggestions for misspelt words."""

from collections.abc import Iterable


def nearest(word: object, words: Iterable[object], alike: float = 0.6) -> str | None:
    """The most similar of the known words; None if the similarity of each (difflib's ratio) is below ``alike``."""
    # Needed only for what is refused; functions that process events should not pay for the import.
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(word), list(map(str, words)), 1, alike)), None)
