"""The row ``SES`` of the table ``counters``: what is left of SES's rate and daily quota, over all functions.

pk  "SES"
r   messages a second that SES allows the account
d   messages in 24 hours; absent for no bound
o   how many of those it had sent
e   whether SES takes any
a   when SES was asked for that
x   until when somebody is asking SES again
s   the latest second in which a message was taken
n   how many were taken in it
l   how many more may be sent in this day
q…  where the line of this name ends (milliseconds UTC)
"""

from functions.adapters.dynamodb.rows import counters
from functions.adapters.dynamodb.values import Item, integer, integer_or_none, number
from functions.core.messages.pace import Allowance, Bounds, Budget, Shortage

TABLE = counters.TABLE
RATE, DAY, SENT, SENDING, READ, LEASE, SECOND, TAKEN, LEFT = "r", "d", "o", "e", "a", "x", "s", "n", "l"
_LINE = "q"

KEY: Item = counters.key("SES")

# Of this second, or of one that has begun elsewhere by a clock that is ahead.
TAKE = f"ADD #{TAKEN} :one, #{LEFT} :minus"
HAS_ROOM = f"#{SECOND} >= :second AND #{TAKEN} < :most AND #{LEFT} > :least"
# The first of a second.
BEGIN = f"SET #{SECOND} = :second, #{TAKEN} = :one ADD #{LEFT} :minus"
IS_NEW = f"(attribute_not_exists(#{SECOND}) OR #{SECOND} < :second) AND #{LEFT} > :least"

RENEW = f"SET #{LEASE} = :until"
IS_FREE = f"attribute_not_exists(#{LEASE}) OR #{LEASE} <= :now"

STORE = f"SET #{RATE} = :rate, #{SENT} = :sent, #{SENDING} = :sending, #{READ} = :read, #{LEFT} = :left, #{DAY} = :day"
STORE_UNBOUNDED = STORE.replace(f", #{DAY} = :day", f" REMOVE #{DAY}")
IS_NEWER = f"attribute_not_exists(#{READ}) OR #{READ} <= :read"

_EXHAUST, _PAUSE = f"SET #{LEFT} = :none", f"SET #{SENDING} = :none"
IS_KNOWN = f"attribute_exists(#{READ})"


def taking(second: int, bounds: Bounds) -> Item:
    """The placeholder values of the update ``TAKE`` and its condition ``HAS_ROOM``."""
    return beginning(second, bounds) | {":most": number(bounds.most)}


def beginning(second: int, bounds: Bounds) -> Item:
    """The placeholder values of the update ``BEGIN`` and its condition ``IS_NEW``."""
    return {":second": number(second), ":least": number(bounds.least), ":one": number(1), ":minus": number(-1)}


def leasing(now: int, until: int) -> Item:
    """The placeholder values of the update ``RENEW`` and its condition ``IS_FREE``."""
    return {":now": number(now), ":until": number(until)}


def storing(allowance: Allowance, read: int) -> tuple[str, Item]:
    """The update that stores an allowance, and its placeholder values; its condition is ``IS_NEWER``."""
    values = {
        ":rate": number(allowance.rate),
        ":sent": number(allowance.sent),
        ":sending": number(int(allowance.is_sending)),
        ":read": number(read),
        ":left": number(allowance.left),
    }
    if allowance.per_day is None:
        return STORE_UNBOUNDED, values
    return STORE, values | {":day": number(allowance.per_day)}


def noting(shortage: Shortage) -> tuple[str, Item]:
    """The update by which the others learn what SES has refused, and its placeholder values."""
    return (_PAUSE if shortage == "paused" else _EXHAUST), {":none": number(0)}


def lengthening(line: str) -> tuple[str, str]:
    """The update that puts one message to the end of a line, and its condition: there is a line, and room in it."""
    return f"SET #{_LINE}{line} = #{_LINE}{line} + :step", f"#{_LINE}{line} >= :now AND #{_LINE}{line} < :last"


def opening(line: str) -> tuple[str, str]:
    """The update by which a message is the first of a line, and its condition: nobody waits in it."""
    return f"SET #{_LINE}{line} = :end", f"attribute_not_exists(#{_LINE}{line}) OR #{_LINE}{line} < :now"


def waiting(now: int, step: int, last: int) -> Item:
    """The placeholder values of the update and the condition of ``lengthening``."""
    return {":now": number(now), ":step": number(step), ":last": number(last)}


def first(now: int, step: int) -> Item:
    """The placeholder values of the update and the condition of ``opening``."""
    return {":now": number(now), ":end": number(now + step)}


def end_of(item: Item, line: str) -> int | None:
    """Where the line ends (milliseconds UTC); None if there has been none."""
    return integer_or_none(item, f"{_LINE}{line}")


def to_item(budget: Budget) -> Item:
    """Encode the row."""
    allowance = budget.allowance
    numbers = {
        RATE: allowance.rate,
        SENT: allowance.sent,
        SENDING: int(allowance.is_sending),
        READ: budget.read,
        SECOND: budget.second,
        TAKEN: budget.taken,
        LEFT: budget.left,
        **{f"{_LINE}{line}": end for line, end in budget.lines.items()},
        **({} if allowance.per_day is None else {DAY: allowance.per_day}),
    }
    return KEY | {name: number(value) for name, value in numbers.items()}


def from_item(item: Item) -> Budget | None:
    """Decode the row; None if nobody has read the allowance yet."""
    if READ not in item:
        return None
    sending = bool(integer(item, SENDING))
    allowance = Allowance(integer(item, RATE), integer_or_none(item, DAY), integer(item, SENT), sending)
    lines = {name.removeprefix(_LINE): integer(item, name) for name in item if name.startswith(_LINE)}
    day = integer(item, READ), integer(item, SECOND), integer(item, TAKEN), integer(item, LEFT)
    return Budget(allowance, *day, lines)
