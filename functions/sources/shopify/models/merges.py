"""The body of the webhook that says that two customers are one.

https://shopify.dev/docs/api/webhooks?reference=toml#list-of-topics-customers/merge
"""

from typing import ClassVar

from functions.sources.fields import NeededId, Text
from functions.sources.shape import Shape
from functions.sources.shopify.models.body import Body


class Merge(Body):
    """The body of customers/merge."""

    shape: ClassVar[Shape] = Shape(
        has=(("admin_graphql_api_customer_kept_id",), ("admin_graphql_api_customer_deleted_id",)),
        lacks=frozenset({"id", "email", "customer", "line_items"}),
    )

    admin_graphql_api_customer_kept_id: NeededId
    admin_graphql_api_customer_deleted_id: NeededId
    status: Text = None
