"""Whether a text is the key that stands in the shop's page, and proves nothing but that."""

from functions.sources import segment
from functions.usecases.context import Context


def knows_key(context: Context, key: str) -> bool:
    """True if the text is a public write key of this shop; secrets are read again before it is refused."""
    name, secrets = segment.SOURCE.public_secret, context.ports.secrets
    return segment.accepted(key, secrets.get(name)) or segment.accepted(key, secrets.refresh(name))
