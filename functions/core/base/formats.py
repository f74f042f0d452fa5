"""Which formats of what is stored this release writes and reads.

One number stands for all that is stored: rows, packed states, bundles, messages of queues. It grows when the release
before could not read what this one stores, in two steps: a release reads the next number, and the one after it writes
that. So each release can be rolled back by one, and no further than what was written allows.
"""

from functions.core.base.errors import StoredByNewer

# The number of what this release writes.
WRITTEN = 1
# The greatest number that this release reads, with all below it.
READ = 1


def check(stored: int) -> None:
    """Raise StoredByNewer if this release cannot read what is ``stored``, the greatest number ever written."""
    if stored > READ:
        raise StoredByNewer(stored, READ)
