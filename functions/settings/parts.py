"""The settings by what they are about: type, default and meaning of each."""

from typing import Annotated

from pydantic import AfterValidator, Field

from functions.settings.base import SettingsPart
from functions.settings.values import (
    Code,
    Consent,
    Count,
    Domains,
    Keys,
    Language,
    OptionalId,
    PerCent,
    Positive,
    Reserve,
    Seconds,
    Url,
    YesNo,
    Zone,
)


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
        "`your-shop.myshopify.com`, or the host of a WooCommerce shop; several with commas between. Webhooks of other "
        "shops are then kept apart. Without it no shop is erased",
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


class Pace(SettingsPart):
    transactional_reserve: Reserve = Field(
        10,
        description="the share of SES's messages a second and a day that marketing leaves to transactional messages, "
        "in per cent",
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
    events_per_day: Positive = Field(
        20_000,
        description="most events of one person that count in a day (UTC). Who sends more is a program: the rest stays "
        "in the log, and the profile says so",
    )
    events_looked_at: Positive = Field(
        50_000,
        description="most events of one person that are read from the log at once, the newest; what is older counts as "
        "if it were no longer kept",
    )


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


class Scan(SettingsPart):
    scan_segments: Positive = Field(
        64,
        description="tuning, leave it: into how many parts everybody is divided for a job; they are read side by side",
    )


class Visitors(SettingsPart):
    public_requests_per_minute: Positive = Field(
        3000,
        description="most requests with the public write key from one network address, in each process of `collect` "
        "and of `audience`",
    )
    visitor_requests_per_minute: Positive = Field(
        600,
        description="most requests with the public write key of one visitor, in each process of `collect` and of "
        "`audience`",
    )


class Intake(SettingsPart):
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
