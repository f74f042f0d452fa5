"""The bodies of Shopify's webhooks: the fields that are read, one module per subject."""
