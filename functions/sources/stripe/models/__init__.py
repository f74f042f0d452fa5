"""The objects of Stripe's events: the fields that are read, one module per subject."""
