"""The kinds of rows of functions/topology.py. Spans are seconds.

Named tuples, since every start makes these classes: a frozen dataclass takes it five times as long.
"""

from typing import Literal, NamedTuple


class Index(NamedTuple):
    """A global secondary index of keys and of the attributes in ``include``. ``range_type`` is DynamoDB's word.

    A projected attribute cannot be added to an index that is deployed: it needs another index.
    """

    name: str
    hash: str
    range: str
    range_type: Literal["N", "S"] = "N"
    include: tuple[str, ...] = ()


class Table(NamedTuple):
    """A DynamoDB table with string keys, paid per request."""

    name: str
    hash: str
    range: str | None = None
    stream: Literal["NEW_IMAGE", "NEW_AND_OLD_IMAGES"] | None = None
    ttl: str | None = None
    indexes: tuple[Index, ...] = ()


class Queue(NamedTuple):
    """A standard queue; what fails ``attempts`` times goes to its own dead-letter queue, ``<name>-dead``.

    A function that knows at once that trying again is of no use may be granted that queue by its name.

    ``of_ses``: its messages are no tasks but what SES reports about our configuration set, by a topic.
    """

    name: str
    visibility: int = 60
    attempts: int = 5
    of_ses: bool = False


class Secret(NamedTuple):
    """A secret, generated at deploy; AWSCURRENT and AWSPREVIOUS are both accepted, so rotation loses nothing.

    ``storefront``: the storefront of the same name proves itself with it. It is deployed if the shop has that one.
    """

    name: str
    purpose: str
    storefront: bool = False


class Http(NamedTuple):
    """A route of the HTTP API. ``path`` uses API Gateway's syntax.

    ``pace`` is how many of a hundred requests a second that the API takes at one route this one takes.
    """

    method: str
    path: str
    pace: int = 100


class Stream(NamedTuple):
    """A table's stream, whose records come again until they were processed or a day is over.

    ``events`` are the record types let through; ``part`` keeps one range key only, and ``flag`` what has this
    attribute set to true.

    ``side_by_side`` is how many batches of one shard may be under way at once, 10 at most. Lambda keeps the order of
    records of one row, and of no others: those of two rows of one partition may be processed in any order, and at once.

    ``waits``: a batch may wait for more records, for as many seconds as the shop's context says (``fold_window``).
    """

    table: str
    events: tuple[Literal["INSERT", "MODIFY", "REMOVE"], ...]
    part: str | None = None
    flag: str | None = None
    batch: int = 100
    side_by_side: int = 10
    waits: bool = False


class QueueMessages(NamedTuple):
    """A queue, with partial batch responses.

    ``side_by_side`` is how many invocations it may bring about at once, if fewer than the function's share, from 2.
    """

    queue: str
    batch: int = 10
    side_by_side: int | None = None


class Every(NamedTuple):
    """EventBridge Scheduler, at a fixed rate.

    ``offset`` is how many minutes after midnight UTC the rounds are counted from.
    """

    minutes: int
    offset: int = 0


Trigger = Http | Stream | QueueMessages | Every
Access = Literal["read", "write", "read_write", "append"]
SettingsPart = Literal[
    "caps",
    "confirmation",
    "currency",
    "destinations",
    "freshness",
    "intake",
    "lanes",
    "letterhead",
    "name",
    "newcomers",
    "pace",
    "permission",
    "receivers",
    "retention",
    "sampling",
    "scan",
    "sender",
    "shards",
    "storefront",
    "timezone",
    "tokens",
    "tracking",
    "visitors",
]


class Grant(NamedTuple):
    """What a function may do with one resource of the table below; to append is to put rows, and nothing else."""

    kind: Literal["table", "queue", "secret", "bus", "email"]
    name: str
    access: Access = "read_write"


class Function(NamedTuple):
    """A Lambda function: ``functions.handlers.<name>.handler``. Its settings are parts of functions/settings.

    ``share``: how many of a thousand invocations at once that an account may have are this function's, at most and, in
    an account that is large enough, at least.

    ``snapshot``: starts from a snapshot in a stack with SnapStart. Only for what is called every day: Lambda puts a
    version that was not called for 14 days aside, and refuses its next calls until it is there again.
    """

    name: str
    purpose: str
    triggers: tuple[Trigger, ...]
    grants: tuple[Grant, ...]
    settings: tuple[SettingsPart, ...] = ()
    memory: int = 512
    timeout: int = 30
    share: int = 10
    snapshot: bool = False

    @property
    def is_waited_for(self) -> bool:
        """True if somebody waits for its answer: its calls of AWS are tried fewer times (adapters/clients.py)."""
        return any(isinstance(trigger, Http) for trigger in self.triggers)
