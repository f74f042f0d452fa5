"""The settings of a function, read from its environment at first use: one frozen model per function, composed of parts.

Each part declares its settings once: type, default, meaning (docs/deploying.md's table is made from it) and what is
wrong with a value that is refused. A function's row in the topology names the parts of its model. The environment
holds:

FUNCTION     the function's name in the topology; a process without one has every setting
SHOP_NAME …  the settings, by their names in capitals; an empty one counts as absent
TABLE_LOG …  for every grant of the topology, where the resource is
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, cast

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from functions.core.base import zones
from functions.topology import FUNCTIONS
from functions.topology_rows import Function, Grant

_PLACES = ("TABLE_", "QUEUE_", "SECRET_", "BUS_")


class VariableFault(NamedTuple):
    """A variable that is refused, its value, and what is wrong with it."""

    variable: str
    value: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.variable}={self.value!r} {self.wrong}"


class SettingsError(ValueError):
    """The environment lacks a variable or holds values that are refused; ``faults`` lists all of them."""

    def __init__(self, text: str = "", faults: tuple[VariableFault, ...] = ()) -> None:
        super().__init__(text or "; ".join(map(str, faults)))
        self.faults = faults


class Wrong(NamedTuple):
    """The fault text for a value that the annotated type refuses, such as "is not a whole number"."""

    text: str


def variable(kind: str, name: str) -> str:
    """The environment variable with a resource's name, URL or ARN: ``("table", "log")`` -> ``TABLE_LOG``."""
    return f"{kind}_{name}".upper().replace("-", "_")


def variable_of(grant: Grant) -> str | None:
    """The variable of a grant; None for e-mail, whose address is a setting."""
    return None if grant.kind == "email" else variable(grant.kind, grant.name)


def _whole(text: object) -> object:
    """pydantic would take ``1_0`` and ``1.0`` for whole numbers as well."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit()):
        raise ValueError
    return text


def _zone(text: str) -> str:
    if (name := zones.canonical(text)) is None:
        raise ValueError
    return name


_Whole = Annotated[int, BeforeValidator(_whole)]
Positive = Annotated[_Whole, Field(ge=1), Wrong("is not a whole number above zero")]
Count = Annotated[_Whole, Wrong("is not a whole number")]
Seconds = Annotated[_Whole, Wrong("is not a whole number of seconds")]
PerCent = Annotated[_Whole, Field(le=100), Wrong("is not a whole number of per cent")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z]{3}$"), Wrong("is not a currency code of three letters")]
Zone = Annotated[str, AfterValidator(_zone), Wrong("is not the name of a time zone such as Europe/Berlin")]
Language = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"), Wrong("is not a language such as en or de-AT")
]
Url = Annotated[str, Field(pattern=r"^(https?://|$)"), Wrong("does not begin with https://")]
Keys = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*( *, *[a-z][a-z0-9_]*)*$"),
    Wrong("is not a list of destinations such as eventbus, with commas between"),
]
Domains = Annotated[
    str,
    Field(pattern=r"^$|^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+( *, *[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)*$"),
    Wrong("is not a list of domains such as shop.example, with commas between"),
]
OptionalId = Annotated[
    str, Field(pattern=r"^$|^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60), Wrong("is not the id of a template")
]
YesNo = Annotated[Literal["yes", "no"], Wrong("is neither yes nor no")]
Consent = Annotated[Literal["explicit", "implied"], Wrong("is neither explicit nor implied")]


class SettingsPart(BaseSettings):
    """The base of every settings model; ``places`` maps variables of resources to table names, queue URLs and ARNs."""

    # Only the models that are read are built.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", defer_build=True, env_ignore_empty=True)

    places: Mapping[str, str] = Field(default_factory=dict, repr=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what ``read`` passes: in the local host os.environ is not the function's."""
        return (init_settings,)

    def place(self, kind: str, name: str) -> str:
        """The resource's name, URL or ARN; raises SettingsError if this function was not granted it."""
        try:
            return self.places[variable(kind, name)]
        except KeyError:
            raise SettingsError(f"{variable(kind, name)} is not set: the topology grants no {kind} {name}") from None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A setting of other functions has no value here, or its default would pass for what the shop has set."""
            if name in Settings.model_fields:
                raise SettingsError(f"{name.upper()} is no setting of this function: its row in the topology lacks it")
            return super().__getattr__(name)


class Currency(SettingsPart):
    shop_currency: Code = Field("EUR", description="the currency of amounts that name none")


class Timezone(SettingsPart):
    shop_timezone: Zone = Field(
        "UTC",
        description="where days begin, such as `Europe/Berlin`: of the dates in conditions, and of birthdays and other "
        "dates of whoever's own time zone is not known. Reads follow a change at once; publish any segment to have "
        "everybody's timers follow it",
    )


class Name(SettingsPart):
    shop_name: str = Field("Our shop", description="what e-mails and the preference page call the shop")


class Letterhead(SettingsPart):
    shop_address: str = Field("", description="the postal address under e-mails, for which many laws ask")
    shop_url: Url = Field("", description="the shop's own page, to which e-mails lead")
    link_domains: Domains = Field(
        "",
        description="where links of events may lead, with what is below: domains with commas between, beside the one "
        "of `shop_url`. While none is listed, the hosts that a storefront's signed webhooks name for their checkouts "
        "and orders count too",
    )
    picture_domains: Domains = Field(
        "cdn.shopify.com",
        description="where pictures in events may lie beside the shop's own domains and where the catalogue's lie: "
        "domains with commas between",
    )
    shop_language: Language = Field(
        "en", description="of e-mails to people whose `locale` is not known, such as `de` or `en-GB`"
    )
    reply_to: str = Field(
        "", description="the bare address that answers go to, if not `from_address`; the shipped e-mails invite answers"
    )


class Storefront(SettingsPart):
    shop_domain: Domains = Field(
        "",
        description="the domain by which the storefront calls the shop in its webhooks, such as "
        "`your-shop.myshopify.com`; several with commas between. Webhooks of other shops are then kept apart. Without "
        "it no shop is erased",
    )


class Sender(SettingsPart):
    from_address: str = Field("", description="the bare address that messages come from; without it nothing is sent")
    public_url: Annotated[Url, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        "", description="where recipients reach the API, if it has a domain of its own"
    )


class Tracking(SettingsPart):
    configuration_set: str = Field("", description="of SES, which the stack makes")


class Permission(SettingsPart):
    consent_default: Consent = Field(
        "explicit", description="`explicit` (no recorded yes, no mail) or, where the law allows it, `implied`"
    )


class Caps(SettingsPart):
    messages_per_day: Positive = Field(5, description="most marketing messages to one person in 24 hours")
    public_messages_per_hour: Positive = Field(
        1_000,
        description="most messages an hour, to everybody together, that only events of browsers and apps ask for; "
        "what is above is held",
    )


class Confirmation(SettingsPart):
    double_opt_in: YesNo = Field(
        "yes",
        description="whether a yes under the public write key is answered with one e-mail that asks the address to "
        "confirm it",
    )
    opt_in_template: OptionalId = Field(
        "",
        description="the transactional template of that e-mail, which shows `{{ confirm_url }}`; without it the "
        "e-mail has words of its own",
    )
    opt_in_mails_per_hour: Positive = Field(
        300, description="most of these e-mails an hour, to everybody together; who asks beyond has to ask again"
    )


class Retention(SettingsPart):
    log_retention_days: Positive = Field(730, description="how long events are kept")


class Sampling(SettingsPart):
    refresh_sample: PerCent = Field(
        1, description="the share of profiles that the nightly refresh folds again from the log, in per cent"
    )


class Shards(SettingsPart):
    due_shards: Positive = Field(
        64,
        description="tuning, leave it: in how many partitions the due index lies; rows of any number before are found",
    )


class Freshness(SettingsPart):
    definitions_max_age: Seconds = Field(
        10,
        description="tuning, leave it: for how many seconds definitions are used before newer ones are looked for",
    )


class Destinations(SettingsPart):
    destinations: Keys = Field(
        "eventbus",
        description="who is told when somebody enters or leaves a segment: destinations, with commas between; `none` "
        "for nobody",
    )


class Receivers(SettingsPart):
    local_receivers: YesNo = Field(
        "no",
        description="whether destinations may call plain http and addresses that are not public: `yes` on the local "
        "host alone",
    )


class Lanes(SettingsPart):
    backfill_lanes: Positive = Field(
        8,
        description="tuning, leave it: how many invocations bring everybody up to a new definition side by side",
    )


class Intake(SettingsPart):
    public_requests_per_minute: Positive = Field(
        3000,
        description="most requests with the public write key from one network address, in each process of `collect`",
    )
    visitor_requests_per_minute: Positive = Field(
        600, description="most requests with the public write key of one visitor, in each process of `collect`"
    )
    server_requests_per_minute: Positive = Field(
        6000,
        description="most requests with the server key, from all servers together, in each process of `collect`",
    )
    opt_in_requests_per_minute: Positive = Field(
        30,
        description="most addresses that one network address says yes to marketing for with the public write key, in "
        "each process of `collect`",
    )


class Newcomers(SettingsPart):
    public_profiles_per_day: Count = Field(
        200_000,
        description="most new profiles a day (UTC) that only events with the public write key ask for. Events of "
        "further visitors wait in the log until they come again on a later day, or somebody trusted names them; with "
        "`0` no visitor has a profile before that",
    )
    joins_per_day: Positive = Field(
        20,
        description="most addresses and accounts that events join to one person in a day (UTC). What would join more "
        "is held back, and shown in quarantine; accounts that a storefront merges do not count",
    )


class Tokens(SettingsPart):
    token_days: Positive = Field(
        366, description="the longest life of an API token in days; one that is good for longer is refused"
    )


class Settings(
    Name,
    Letterhead,
    Storefront,
    Currency,
    Timezone,
    Sender,
    Permission,
    Caps,
    Confirmation,
    Retention,
    Sampling,
    Shards,
    Freshness,
    Lanes,
    Destinations,
    Receivers,
    Intake,
    Newcomers,
    Tokens,
    Tracking,
):
    """Every setting: the model of a process that is no function; to type checkers, that of every function."""


PARTS = {part.__name__.lower(): part for part in Settings.__bases__}
# The field, with its default and its description, by variable; for deployment and its guide.
FIELDS: Mapping[str, FieldInfo] = {
    name.upper(): field for name, field in Settings.model_fields.items() if name != "places"
}
# Settings that the stack itself sets, or that have no use in a deployment.
GIVEN_BY_STACK = frozenset({"CONFIGURATION_SET", "LOCAL_RECEIVERS"})
DEFAULTS: Mapping[str, str] = {name: str(field.default) for name, field in FIELDS.items()}


@cache
def model_of(function: Function) -> type[Settings]:
    """The settings model of a function, composed of the parts that its row in the topology names."""
    parts: Any = tuple(PARTS[each] for each in function.settings) or (SettingsPart,)
    return cast("type[Settings]", create_model(f"{function.name.title()}Settings", __base__=parts))


def variables_of(function: Function) -> tuple[str, ...]:
    """The names of the environment variables of the function's settings."""
    return tuple(name.upper() for name in model_of(function).model_fields if name != "places")


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment; raises SettingsError, which names every variable that is wrong."""
    model = _model(environment.get("FUNCTION", ""))
    source = EnvSettingsSource(model, env_ignore_empty=True)
    source.env_vars = {name.lower(): value for name, value in environment.items() if value and name in DEFAULTS}
    places = {name: value for name, value in environment.items() if name.startswith(_PLACES)}
    try:
        return model.model_validate({**source(), "places": places})
    except ValidationError as error:
        faults = sorted((_fault(each, model) for each in error.errors()), key=lambda fault: fault.variable)
        raise SettingsError(faults=tuple(faults)) from None


def _model(name: str) -> type[Settings]:
    if not name:
        return Settings
    row = next((row for row in FUNCTIONS if row.name == name), None)
    if row is None:
        raise SettingsError(faults=(VariableFault("FUNCTION", name, "is no function of the topology"),))
    return model_of(row)


def _fault(error: ErrorDetails, model: type[Settings]) -> VariableFault:
    name = str(error["loc"][0])
    texts = (each.text for each in model.model_fields[name].metadata if isinstance(each, Wrong))
    return VariableFault(name.upper(), str(error["input"]), next(texts, error["msg"]))
