"""The bodies of Shopify's webhooks: the fields that we read, one module for each subject."""
