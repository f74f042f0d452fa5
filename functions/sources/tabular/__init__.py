"""Rows of files (customers, orders, events) as messages of the Segment HTTP API, or refused with the reason."""
