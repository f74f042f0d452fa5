"""What an AWS account allows of what an installation needs: SES's quota and identity, Lambda's invocations at once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

# With fewer invocations at once nothing can be set aside for a function (infra/concurrency.py).
LEAST = 200
# A new account has so many: the fewest with which an installation works.
FEWEST = 10

Reply = Mapping[str, Any]


class Finding(NamedTuple):
    """What somebody should know of the account; with a ``fault`` an installation could not work."""

    level: Literal["fault", "warning"]
    about: str
    message: str
    remedy: str


class Denied(Exception):
    """AWS did not answer a call; ``code`` is its error code."""

    def __init__(self, action: str, code: str) -> None:
        super().__init__(f"{action}: {code}")
        self.action, self.code = action, code


# Calls an operation of a service, by the action that a policy names ("ses:GetAccount"); None if what is asked for does
# not exist. Raises Denied.
Ask = Callable[..., Reply | None]


def findings(ask: Ask, address: str, concurrency: int) -> Iterator[Finding]:
    """What is wrong with the account or may be, of mail first.

    ``address`` is what messages are to come from, empty if that is not said; ``concurrency`` is what the deployment is
    to be told that the account may have, 0 for nothing.
    """
    parts: list[Callable[[], Iterator[Finding]]] = [lambda: _quota(ask), lambda: _invocations(ask, concurrency)]
    if address:
        parts.insert(1, lambda: _identity(ask, address))
    for part in parts:
        try:
            yield from part()
        except Denied as denied:
            yield _unanswered(denied)


def _unanswered(denied: Denied) -> Finding:
    if "AccessDenied" in denied.code or "NotAuthorized" in denied.code or "Unauthorized" in denied.code:
        remedy = f"let these credentials do {denied.action}, and ask again"
        return Finding("fault", denied.action, "these credentials may not ask for it", remedy)
    return Finding("fault", denied.action, f"AWS does not answer: {denied.code}", "ask again, in a region that has SES")


def _quota(ask: Ask) -> Iterator[Finding]:
    account = ask("ses:GetAccount") or {}
    quota = account.get("SendQuota", {})
    rate, per_day, sent = (int(quota.get(name, 0)) for name in ("MaxSendRate", "Max24HourSend", "SentLast24Hours"))
    console = "SES console, Account dashboard"
    if not account.get("SendingEnabled", False) or account.get("EnforcementStatus") == "SHUTDOWN":
        yield Finding("fault", "SES", "sending is paused", f"{console}: it says why, and takes an appeal")
    elif account.get("EnforcementStatus") == "PROBATION":
        yield Finding("warning", "SES", "the account is under review", f"{console}: it says why; sending may be paused")
    if not account.get("ProductionAccessEnabled", False):
        message = f"the account is in the sandbox: verified recipients only, {rate} a second and {per_day} a day"
        yield Finding("warning", "SES", message, f"{console}: request production access")
    if 0 <= per_day <= sent:
        message = f"the quota is used up: {sent} of {per_day} messages in the last 24 hours"
        yield Finding("warning", "SES", message, "messages wait until there is room; ask for a larger quota")


def _identity(ask: Ask, address: str) -> Iterator[Finding]:
    domain = address.rpartition("@")[2]
    for name in dict.fromkeys((address, domain)):
        identity = ask("ses:GetEmailIdentity", EmailIdentity=name)
        if identity is not None:
            yield from _verification(name, identity)
            return
    remedy = "the stack makes it, and its outputs say the DNS records to add"
    yield Finding("warning", domain, "is no identity of SES in this region yet", remedy)


def _verification(name: str, identity: Reply) -> Iterator[Finding]:
    dkim = identity.get("DkimAttributes", {})
    if not identity.get("VerifiedForSendingStatus", False):
        remedy = "add the DNS records that SES shows for it" if "@" not in name else "follow the link in SES's letter"
        yield Finding("fault", name, "is not verified: SES sends nothing from it", remedy)
    elif dkim.get("Status") != "SUCCESS" or not dkim.get("SigningEnabled", False):
        message = f"messages are not signed with DKIM ({dkim.get('Status', 'NOT_STARTED')})"
        yield Finding("warning", name, message, "add the three CNAME records that SES shows for it")


def _invocations(ask: Ask, wanted: int) -> Iterator[Finding]:
    settings = ask("lambda:GetAccountSettings") or {}
    most = int(settings.get("AccountLimit", {}).get("ConcurrentExecutions", 0))
    ask_for_more = "Service Quotas, AWS Lambda, Concurrent executions: ask for more"
    if wanted > most:
        message = f"the account may have {most} invocations at once, not {wanted}: Lambda would refuse the shares"
        yield Finding("fault", "Lambda", message, f"deploy with -c concurrency={most}; or {ask_for_more}")
    if most < FEWEST:
        yield Finding("fault", "Lambda", f"{most} invocations at once are too few to work with", ask_for_more)
    elif most < LEAST:
        message = f"with {most} invocations at once nothing is set aside: a flood at one door starves the others"
        yield Finding("warning", "Lambda", message, f"{ask_for_more}, before a sale")
    elif not wanted:
        message = "nothing is set aside for any function unless the deployment knows the account's size"
        yield Finding("warning", "Lambda", message, f"deploy with -c concurrency={most}")
