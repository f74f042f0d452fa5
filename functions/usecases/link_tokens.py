"""Open the tokens of links in e-mails with the keys that are accepted."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from functions.usecases.context import Context

Claims = TypeVar("Claims")


def opened(
    context: Context, key: str, open_token: Callable[[Sequence[str], str], Claims | None], token: str
) -> Claims | None:
    """What ``open_token`` finds in the token with the values of the secret; None for one that we did not make.

    The key is read again before a link is refused: the message may have been made with one that has just been rotated.
    """
    secrets = context.ports.secrets
    attempts = (open_token(read(key), token) for read in (secrets.get, secrets.refresh))
    return next(filter(None, attempts), None)
