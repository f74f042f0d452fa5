"""The bodies of WooCommerce's webhooks: the fields that are read, one module per subject."""
