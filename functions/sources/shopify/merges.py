"""The webhook that says that two customers are one."""

from dataclasses import replace

from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.shopify.models.merges import Merge
from functions.sources.shopify.webhook import Webhook
from functions.sources.webhook import Person

# A merge is told when it is asked for, under way, failed and done.
DONE = "completed"


def merged(webhook: Webhook[Merge]) -> Translation:
    """Translate the webhook customers/merge: only a merge that is done makes one person of two."""
    body = webhook.body
    if body.status != DONE:
        return Translation(unused=webhook.topic)
    customers = names(
        ("shopify", body.admin_graphql_api_customer_kept_id), ("shopify", body.admin_graphql_api_customer_deleted_id)
    )
    event = webhook.event("Customers Merged", None, Person(customers), {})
    return Translation((replace(event, merges=True),))
