"""How many invocations of each function there may be at once, by the size of the account.

An account has one number of invocations that may run at once, 1,000 by default and as few as 10 when it is new. What
one function takes of it the others lack, so in an account that is large enough each has its share set aside, which is
also the most it can have. Lambda wants 100 to be left for whatever has nothing set aside:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from functions.topology_rows import Function, Stream

# What Lambda does not let an account set aside.
_UNRESERVED = 100
# An account with less than this has nothing set aside: the shares of most functions would be one or two.
LEAST = 200
# The fewest invocations at once by which a mapping of a queue can be bounded.
_FEWEST = 2
_USUAL = 1000
# A new table that is paid per request has about so many shards.
_SHARDS = 4


def reserved(row: Function, account: int) -> int | None:
    """What is set aside for the function; None in an account that is small or not known."""
    return max(_FEWEST, row.share * (account - _UNRESERVED) // _USUAL) if account >= LEAST else None


def most(row: Function, account: int) -> int:
    """The most invocations at once that a queue may bring the function to."""
    return reserved(row, account) or max(_FEWEST, row.share * (account or _USUAL) // _USUAL)


def of_a_shard(trigger: Stream, most_at_once: int) -> int:
    """How many batches of a shard may be under way at once, so that all of a new table's find room in the share."""
    return min(trigger.side_by_side, max(1, most_at_once // _SHARDS))


def warning(account: int) -> str:
    """What the account's size leaves undone; empty if nothing."""
    if not account or account >= LEAST:
        return ""
    return (
        f"concurrency={account}: nothing is set aside for any function below {LEAST}, so a flood at one door starves"
        " the others; ask for more in the console, Service Quotas, AWS Lambda, Concurrent executions"
    )
