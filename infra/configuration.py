"""The shop's configuration of the stack: the CDK app's context, checked as a whole before anything is built.

Every setting of functions/settings may be given by its own name (``shop_currency``); Options has the others.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from aws_cdk import aws_logs as logs

from functions import settings as engine
from functions.core.base.errors import UnknownDestination
from functions.destinations import named
from functions.settings import DEFAULTS, GIVEN_BY_STACK
from infra import adopted, sources
from infra.adopted import AdoptedTable

# How CDK's own switches and cached look-ups begin.
_NOT_OURS = ("@", "aws:", "aws-cdk:", "availability-zones:", "vpc-provider:", "hosted-zone:", "ssm:", "cli-", "cdk-")


class ContextError(ValueError):
    """The context is wrong; names every fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("the context is wrong:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Options:
    """What may be given besides the engine's settings, as given. Every value is text.

    account, region      where to deploy; without them the CLI's credentials decide
    identity             the domain or address that SES verifies; without it the domain of from_address
    manage_identity      false if the account has verified it already
    mail_from            a subdomain of the identity for bounces (SPF alignment)
    mail_events          true has SES publish its reports on the default event bus too, for rules of the shop's own
    alarm_email          the address that alarms are sent to
    protect              false lets ``cdk destroy`` delete tables, logs and secrets
    log_days             how long functions' own logs are kept
    requests_per_second  where each route of the HTTP API begins to answer 429, and ``burst`` how many may come at once
    concurrency          how many invocations at once the account may have; without it nothing is set aside
    max_read_units       the most read units a second that each table takes, and each index; without it no bound
    max_write_units      the same of write units
    fold_window          for how many seconds (0 to 300) events wait for others before they are folded together
    snapstart            true has functions that are called every day start from a snapshot, which costs money
    canary               how new versions take over, such as ``10percent5minutes``; without it all at once
    tables               restored tables that the stack uses in the place of its own: see adopted.py
    sources              the storefronts that the shop has, with commas between, or none: see sources.py
    asset                a finished bundle to deploy instead of building one
    """

    stack_name: str = "Segue"
    account: str = ""
    region: str = ""
    identity: str = ""
    manage_identity: str = "true"
    mail_from: str = ""
    mail_events: str = "false"
    alarm_email: str = ""
    protect: str = "true"
    log_days: str = "30"
    requests_per_second: str = "500"
    burst: str = "1000"
    concurrency: str = ""
    max_read_units: str = ""
    max_write_units: str = ""
    fold_window: str = "0"
    snapstart: str = "false"
    canary: str = ""
    tables: str = ""
    sources: str = "shopify"
    asset: str = ""


class MostUnits(NamedTuple):
    """The most request units a second that a table or an index takes; 0 for no bound."""

    reads: int
    writes: int


@dataclass(frozen=True, slots=True)
class StackConfiguration:
    """The checked context. ``settings`` holds every setting of the engine that has a value."""

    settings: Mapping[str, str]
    options: Options

    @property
    def from_address(self) -> str:
        """The address that messages are sent from; empty if none was given."""
        return self.settings.get("FROM_ADDRESS", "")

    @property
    def identity(self) -> str:
        """The domain or address that SES must have verified; empty without a from_address."""
        return self.options.identity or _domain(self.from_address)

    @property
    def protect(self) -> bool:
        """True if tables, logs and secrets outlive the stack."""
        return self.options.protect == "true"

    @property
    def manage_identity(self) -> bool:
        """True if the stack creates the SES identity."""
        return self.options.manage_identity == "true"

    @property
    def mail_events(self) -> bool:
        """True if SES's reports go to the default event bus too."""
        return self.options.mail_events == "true"

    @property
    def most_units(self) -> MostUnits:
        """The most request units a second of a table."""
        return MostUnits(int(self.options.max_read_units or 0), int(self.options.max_write_units or 0))

    @property
    def concurrency(self) -> int:
        """How many invocations at once the account may have; 0 if it was not said."""
        return int(self.options.concurrency or 0)

    @property
    def fold_window(self) -> int:
        """For how many seconds events may wait for others."""
        return int(self.options.fold_window)

    @property
    def snapstart(self) -> bool:
        """True if functions whose row allows it start from a snapshot."""
        return self.options.snapstart == "true"

    @property
    def canary(self) -> str:
        """How calls are moved to a new version, a name of CANARIES; empty if all at once."""
        return self.options.canary

    @property
    def adopted(self) -> Mapping[str, AdoptedTable]:
        """The restored tables that are used, by their names in the topology."""
        return adopted.read(self.options.tables)

    @property
    def sources(self) -> tuple[str, ...]:
        """The storefronts that the shop has."""
        return sources.read(self.options.sources)

    @property
    def retention(self) -> logs.RetentionDays:
        """How long the functions' CloudWatch logs are kept."""
        return _RETENTIONS[self.options.log_days]


# The longest that Lambda lets a batch wait, in seconds.
_LONGEST_WINDOW = 300
_RETENTIONS = {
    "1": logs.RetentionDays.ONE_DAY,
    "3": logs.RetentionDays.THREE_DAYS,
    "7": logs.RetentionDays.ONE_WEEK,
    "14": logs.RetentionDays.TWO_WEEKS,
    "30": logs.RetentionDays.ONE_MONTH,
    "60": logs.RetentionDays.TWO_MONTHS,
    "90": logs.RetentionDays.THREE_MONTHS,
    "180": logs.RetentionDays.SIX_MONTHS,
    "365": logs.RetentionDays.ONE_YEAR,
}

# How calls are moved to a new version: CodeDeploy's own ways, by the words with which they are asked for.
CANARIES = {
    **{f"10percent{minutes}minutes": f"CANARY_10_PERCENT_{minutes}_MINUTES" for minutes in (5, 10, 15, 30)},
    **{f"10percentevery{minutes}minutes": f"LINEAR_10_PERCENT_EVERY_{minutes}_MINUTES" for minutes in (2, 3, 10)},
    "10percentevery1minute": "LINEAR_10_PERCENT_EVERY_1_MINUTE",
}


def read(values: Mapping[str, Any]) -> StackConfiguration:
    """Check the whole context; raises ContextError, which names every fault."""
    texts = {key: _text(value) for key, value in values.items() if not key.startswith(_NOT_OURS)}
    option_names = [field.name for field in fields(Options)]
    settings = {name: texts.get(name.lower()) or default for name, default in DEFAULTS.items()}
    options = Options(**{name: texts[name] for name in option_names if texts.get(name)})
    context = StackConfiguration({name: value for name, value in settings.items() if value}, options)
    faults = [
        *_unknown(texts, option_names),
        *_setting_faults(settings),
        *_option_faults(options),
        *_mail_faults(context),
    ]
    if faults:
        raise ContextError(faults)
    return context


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _unknown(texts: Mapping[str, str], options: list[str]) -> list[str]:
    names = [*options, *(name.lower() for name in DEFAULTS.keys() - GIVEN_BY_STACK)]
    faults = []
    for key in sorted(texts.keys() - set(names)):
        near = difflib.get_close_matches(key, names, 1)
        faults.append(f"{key} is not a context value" + (f"; did you mean {near[0]}?" if near else ""))
    return faults


def _setting_faults(settings: Mapping[str, str]) -> list[str]:
    faults = []
    try:
        engine.read(settings)
    except engine.SettingsError as error:
        faults = [str(fault._replace(variable=fault.variable.lower())) for fault in error.faults]
    if not any(fault.startswith("destinations=") for fault in faults):
        faults += _destination_faults(settings["DESTINATIONS"])
    for name in ("PUBLIC_URL", "SHOP_URL"):
        # A host on one's own machine does without TLS; a shop does not.
        if settings[name].startswith("http://"):
            faults.append(f"{name.lower()}={settings[name]!r} does not begin with https://")
    return faults


def _destination_faults(keys: str) -> list[str]:
    try:
        named(keys)
    except UnknownDestination as error:
        return [f"destinations={keys!r}: {fault.message}" for fault in error.faults]
    return []


def _option_faults(options: Options) -> list[str]:
    faults = []
    for name in ("manage_identity", "mail_events", "protect", "snapstart"):
        if getattr(options, name) not in ("true", "false"):
            faults.append(f"{name}={getattr(options, name)!r} is neither true nor false")
    for name in ("requests_per_second", "burst", "concurrency", "max_read_units", "max_write_units"):
        if (given := getattr(options, name)) and (not given.isdigit() or int(given) < 1):
            faults.append(f"{name}={getattr(options, name)!r} is not a whole number above zero")
    if not options.fold_window.isdigit() or int(options.fold_window) > _LONGEST_WINDOW:
        faults.append(f"fold_window={options.fold_window!r} is not a number of seconds from 0 to {_LONGEST_WINDOW}")
    if options.log_days not in _RETENTIONS:
        faults.append(f"log_days={options.log_days!r} is none of the spans of CloudWatch: {', '.join(_RETENTIONS)}")
    if options.canary and options.canary not in CANARIES:
        faults.append(f"canary={options.canary!r} is none of the ways of CodeDeploy: {', '.join(CANARIES)}")
    faults += sources.faults(options.sources)
    faults += adopted.faults(options.tables)
    if options.tables and options.protect != "true":
        # Without protection CloudFormation deletes what the template no longer has.
        faults.append("tables is given with protect=false: the tables in whose place they come would be deleted")
    if options.account and not (options.account.isdigit() and len(options.account) == 12):
        faults.append(f"account={options.account!r} is not an account of twelve digits")
    if options.alarm_email and not _domain(options.alarm_email):
        faults.append(f"alarm_email={options.alarm_email!r} is not an address")
    return faults


def _mail_faults(context: StackConfiguration) -> list[str]:
    address, identity, options = context.from_address, context.identity, context.options
    if address and not _domain(address):
        return [f"from_address={address!r} is not a bare address; the name beside it is shop_name"]
    faults = []
    if (reply_to := context.settings.get("REPLY_TO", "")) and not _domain(reply_to):
        faults.append(f"reply_to={reply_to!r} is not a bare address")
    if options.identity and not address:
        faults.append("identity is given without from_address")
    if address and not _covers(identity, address):
        faults.append(f"from_address={address!r} does not lie under identity={identity!r}")
    if options.mail_from and not options.mail_from.endswith("." + (_domain(identity) or identity)):
        faults.append(f"mail_from={options.mail_from!r} is not a subdomain of identity={identity!r}")
    return faults


def _domain(address: str) -> str:
    local, at, domain = address.partition("@")
    return domain.lower() if local and at and "." in domain and "@" not in domain and " " not in address else ""


def _covers(identity: str, address: str) -> bool:
    if "@" in identity:
        return identity.lower() == address.lower()
    return f".{_domain(address)}".endswith(f".{identity.lower()}")
