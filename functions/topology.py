"""THE table of what is deployed: tables, queues, secrets, functions with their triggers, grants and settings.

The stack, the local host and the tests read it; nothing else says what exists. Of its parts topology_resources.py has
tables, queues and secrets, and this file the functions; topology_rows.py says what each kind of row holds. Spans are
seconds.
"""

from functions.topology_grants import append, read, secret, send, tables
from functions.topology_resources import DECLARED, QUEUES, SECRETS, STOREFRONTS, TABLES
from functions.topology_rows import Every, Function, Grant, Http, QueueMessages, SettingsPart, Stream

# All of it is read here.
__all__ = ["DECLARED", "ENVIRONMENT", "FUNCTIONS", "QUEUES", "SECRETS", "SERVICES", "STOREFRONTS", "TABLES", "row_of"]

# What SDKs prove themselves with.
_SDK_KEYS = ("write-key", "server-key", "identity-key", "visit-key")

_SDK_PATHS = ("identify", "track", "page", "screen", "group", "alias", "batch", "import")
# The names by which some SDKs call the same. Together with those above all routes stay below the ten thousand requests
# a second that API Gateway takes of an account, so that a flood of the open doors leaves storefronts and links theirs.
_SHORT_PATHS = "itpsgab"
# How many of a hundred requests a second, as a route takes them, one takes that nobody needs often.
_SELDOM = 10

# Where links in e-mails lead: to the preferences, and to the confirmation of a yes.
_LINKS = ("/u/{token}", "/confirm/{token}")

_BUS = Grant("bus", "segue", "write")

# What loading the definitions and saving who falls due take.
_EVALUATION: tuple[SettingsPart, ...] = ("shards", "freshness", "timezone", "currency")

# Whoever rewrites what is stored asks first whether this release reads it, and says in which format it writes.
_STORED = (*read("formats"), *append("formats"))

_FOLDING = (*_STORED, *tables("identifiers", "profiles", "log"), *read("definitions"), *send("wakes", "steps"))

# What fold and refold need of their own; what they park goes to the dead letters of refolds.
_EVENTS_FOLDED = (
    *(*_FOLDING, *tables("counters", "quarantine"), *read("erasures")),
    *(*secret("erasure-salt"), *send("refolds-dead")),
)

FUNCTIONS = (
    Function(
        "collect",
        "takes requests of SDKs and storefronts into the log",
        (
            *(Http("POST", f"/v1/{path}") for path in _SDK_PATHS),
            *(Http("POST", f"/v1/{path}", _SELDOM) for path in _SHORT_PATHS),
            Http("GET", "/v1/projects/{write_key}/settings"),
            Http("POST", "/hooks/{source}"),
            # Browsers that ask first; and whoever is wrong about a path or a method is told so.
            Http("ANY", "/v1/{proxy+}"),
            Http("ANY", "/hooks/{proxy+}", _SELDOM),
        ),
        (
            # It takes everybody's requests: it can neither read what is kept nor delete it. What it reads are the
            # mappings of declared sources, without samples, authors and versions, and no other definitions.
            *append("log", "quarantine", "products", "erasures"),
            *read("sources"),
            *send("erasures"),
            *secret(*_SDK_KEYS, *STOREFRONTS),
        ),
        ("currency", "retention", "visitors", "intake", "storefront", "freshness"),
        share=250,
        snapshot=True,
    ),
    Function(
        "audience",
        "tells the shop's page in which segments its visitor is",
        (Http("GET", "/v1/audience"),),
        # It writes nothing, not even in which format it would.
        (*read("formats", "identifiers", "profiles", "definitions"), *secret("write-key", "identity-key")),
        (*_EVALUATION, "visitors"),
        memory=1024,
        # Whoever waits is given default content in less than that.
        timeout=10,
        share=30,
        snapshot=True,
    ),
    Function(
        "preferences",
        "shows the pages behind links in e-mails; takes one-click unsubscribes and confirmations",
        tuple(Http(method, path) for path in _LINKS for method in ("GET", "HEAD", "POST")),
        (*append("log"), *read("log", "profiles"), *secret("link-key")),
        ("name", "retention", "shards"),
        share=50,
    ),
    Function(
        "api",
        "answers the console and the CLI",
        (Http("ANY", "/api/{proxy+}", _SELDOM),),
        (
            *_STORED,
            *read("identifiers", "profiles", "runs", "names", "sources"),
            # In one transaction with what is current, which names them too.
            *append("sources"),
            # Taking a request from quarantine again does what collect does.
            *tables(
                "definitions",
                "backfills",
                "quarantine",
                "log",
                "products",
                "messages",
                "erasures",
                "revocations",
                "jobs",
            ),
            # Runs that waited for a paused flow go on through "steps".
            *send("backfills", "erasures", "refolds", "jobs", "steps"),
            Grant("queue", "refolds-dead", "read"),
            # Whom jobs had found and who was erased since is recognised by a salted hash.
            *secret("signing-key", "erasure-salt"),
        ),
        (*_EVALUATION, "name", "sender", "permission", "retention", "lanes", "scan", "storefront", "tokens"),
        memory=1024,
        share=50,
    ),
    Function(
        "fold",
        "merges new events into profiles and evaluates their segments",
        (Stream("log", ("INSERT",), waits=True),),
        (*_EVENTS_FOLDED, *tables("names")),
        (*_EVALUATION, "retention", "newcomers"),
        timeout=60,
        share=200,
        snapshot=True,
    ),
    Function(
        "refold",
        "folds events from the log again: those of parked or named people, or all since an instant; rebuilds profiles",
        (QueueMessages("refolds", batch=1),),
        (*_EVENTS_FOLDED, *tables("jobs"), *read("runs", "messages"), *send("refolds")),
        (*_EVALUATION, "retention", "newcomers"),
        timeout=300,
    ),
    Function(
        "wake",
        "evaluates a profile at the instant its membership may change",
        (QueueMessages("wakes"),),
        _FOLDING,
        (*_EVALUATION, "retention"),
        timeout=30,
        share=100,
        snapshot=True,
    ),
    Function(
        "react",
        "turns changed memberships into flow runs and tells destinations",
        (Stream("profiles", ("INSERT", "MODIFY"), part="state", flag="n"), QueueMessages("changes")),
        (
            *(*_STORED, *tables("runs", "counters"), *read("definitions", "profiles")),
            *(*send("steps", "deliveries", "deliveries-dead", "changes-dead"), _BUS),
        ),
        (*_EVALUATION, "destinations"),
        timeout=60,
        share=80,
    ),
    Function(
        "deliver",
        "tells destinations outside AWS, and those that could not be told at once",
        (QueueMessages("deliveries"),),
        # To its own queue: what a receiver wants later than that brings it.
        (*send("deliveries", "deliveries-dead"), _BUS),
        ("destinations", "receivers"),
        timeout=60,
        # So many requests to one receiver may be under way at once, each of five seconds at most.
        share=4,
        snapshot=True,
    ),
    Function(
        "tick",
        "puts whoever falls due in the coming minutes on a queue, to the second",
        # What one invocation cannot queue in its time comes back shard by shard; so many leave the others their room.
        (Every(1), QueueMessages("ticks", batch=1, side_by_side=16)),
        (*_STORED, *tables("ticks"), *read("profiles", "runs"), *send("wakes", "steps", "ticks")),
        ("shards",),
        memory=1024,
        timeout=60,
        share=20,
    ),
    Function(
        "send",
        "advances flow runs; looks a last time, claims the message and hands it to SES",
        (QueueMessages("steps", batch=5),),
        (
            *_STORED,
            *tables("runs", "messages", "counters"),
            *read("log", "identifiers", "profiles", "definitions", "products", "erasures"),
            *send("steps"),
            *secret("link-key", "visit-key", "erasure-salt"),
            Grant("email", "identity", "write"),
        ),
        (
            *(*_EVALUATION, "name", "letterhead", "sender", "tracking"),
            *("permission", "caps", "pace", "confirmation", "retention"),
        ),
        memory=1024,
        timeout=30,
        share=80,
        snapshot=True,
    ),
    Function(
        "feedback",
        "takes what SES reports into the ledger and the log",
        (QueueMessages("feedback"),),
        (*_STORED, *tables("log", "messages", "quarantine"), *read("identifiers", "profiles")),
        ("currency", "retention", "shards"),
        share=20,
    ),
    Function(
        "backfill",
        "brings everybody up to a new definition, in lanes side by side",
        (QueueMessages("backfills", batch=1),),
        (*_FOLDING, *tables("backfills"), *send("backfills")),
        (*_EVALUATION, "retention"),
        timeout=300,
        share=20,
    ),
    Function(
        "jobs",
        "answers what is asked about everybody, segment by segment of a scan",
        (QueueMessages("jobs", batch=1),),
        (*_STORED, *tables("jobs"), *read("identifiers", "profiles", "log", "definitions", "runs"), *send("jobs")),
        (*_EVALUATION, "retention"),
        memory=1024,
        timeout=300,
        share=20,
    ),
    Function(
        "refresh",
        "every night checks profiles against the log and counts everybody for the RFM borders",
        (Every(24 * 60, offset=3 * 60), QueueMessages("refreshes", batch=1)),
        (
            *_STORED,
            *tables("profiles", "definitions"),
            *read("identifiers", "log", "erasures"),
            # Who cannot be moved by new borders at once is brought up to them by the backfill.
            *send("wakes", "refreshes", "backfills"),
        ),
        (*_EVALUATION, "retention", "sampling", "storefront"),
        memory=1024,
        timeout=600,
    ),
    Function(
        "erase",
        "deletes a person, or everybody, when the law asks for it",
        (QueueMessages("erasures", batch=1),),
        (
            *_STORED,
            *tables("log", "identifiers", "profiles", "runs", "messages", "erasures"),
            *append("jobs"),
            *read("definitions"),
            *send("erasures", "steps"),
            *secret("erasure-salt"),
        ),
        (*_EVALUATION, "retention"),
        timeout=300,
    ),
)

# The service, in the SDK's name for it, behind each kind of grant.
SERVICES = {"table": "dynamodb", "queue": "sqs", "secret": "secretsmanager", "bus": "events", "email": "sesv2"}


def row_of(name: str | None) -> Function | None:
    """The function of this name; None for a process that is none of them."""
    return next((row for row in FUNCTIONS if row.name == name), None)


# What the environment of every function says beside its settings: there are no plugins of pydantic, and looking for
# them costs a start up to 20 ms, the more the more packages are installed.
ENVIRONMENT = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
