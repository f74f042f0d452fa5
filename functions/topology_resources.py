"""The part of functions/topology.py that holds tables, queues and secrets, and is read there. Spans are seconds."""

from functions.topology_rows import Index, Queue, Secret, Table

# Rows newest first, by group: what people look through (functions/adapters/dynamodb/newest.py).
_NEWEST = Index("newest", "group_shard", "time_key", "S")

# What turns on the sources that a shop declares, all of them together, and the secret that holds theirs.
DECLARED = "declared"

TABLES = (
    Table("log", "pk", "sk", stream="NEW_IMAGE", ttl="ttl"),
    Table("identifiers", "pk"),
    Table("profiles", "pk", "part", stream="NEW_AND_OLD_IMAGES", indexes=(Index("due", "shard", "due"),)),
    Table("definitions", "pk", "version", ttl="ttl"),
    Table("backfills", "pk", "sk"),
    Table("runs", "pk", "sk", indexes=(Index("due", "shard", "due"),)),
    Table("messages", "pk", "sk", indexes=(_NEWEST,)),
    Table("quarantine", "pk", "sk", ttl="ttl", indexes=(_NEWEST._replace(include=("reason", "bytes")),)),
    Table("erasures", "pk", ttl="ttl"),
    Table("products", "pk"),
    Table("names", "pk"),
    Table("revocations", "pk", ttl="ttl"),
    Table("counters", "pk"),
    Table("ticks", "pk"),
    Table("jobs", "pk", "sk", ttl="ttl"),
    Table("formats", "pk"),
    Table("sources", "pk"),
)

QUEUES = (
    Queue("wakes", visibility=180),
    Queue("steps", visibility=180),
    Queue("ticks", visibility=360),
    # As long as a stream keeps what was not processed: a day.
    Queue("backfills", visibility=1800, attempts=50),
    Queue("erasures", visibility=1800, attempts=50),
    Queue("refolds", visibility=1800, attempts=50),
    Queue("jobs", visibility=1800),
    # The next night begins anew.
    Queue("refreshes", visibility=3600),
    # Nothing but what was parked, and is brought back by its redrive.
    Queue("changes", visibility=360),
    # A receiver may be away for two hours and is asked every six minutes.
    Queue("deliveries", visibility=360, attempts=20),
    # Two and a half hours of an outage: what is lost here settles no claim and suppresses no address.
    Queue("feedback", visibility=180, attempts=50, of_ses=True),
)

SECRETS = (
    Secret("write-key", "the Segment write key of web pages and apps, which everybody can read"),
    Secret("server-key", "the Segment write key of the shop's own servers"),
    Secret("identity-key", "with it the shop's server signs the user id of a visitor who is logged in"),
    Secret("erasure-salt", "with it identifiers of erased people are hashed; a new value forgets whom it marked"),
    Secret("signing-key", "signs tokens of the API"),
    # Not the key of tokens: the page behind the links is open to everybody, and must not be able to make a token.
    Secret("link-key", "encrypts the links in e-mails by which recipients say no, or confirm a yes"),
    # Not that of the links by which recipients answer, since collect reads it, which takes everybody's requests.
    Secret("visit-key", "encrypts the tokens in links of e-mails by which the shop's page recognises a recipient"),
    Secret("shopify", "the client secret of the Shopify app, put here by the shop", storefront=True),
    Secret("woocommerce", "the secret of WooCommerce's webhooks, the same in each of them", storefront=True),
    Secret("stripe", "the signing secret of the endpoint at Stripe, put here by the shop", storefront=True),
    Secret(DECLARED, "the secrets of the sources that the shop declares, a JSON object by source", storefront=True),
)

# The storefronts that a shop may have, and its declared sources; ``-c sources`` says which are deployed.
STOREFRONTS = tuple(row.name for row in SECRETS if row.storefront)
