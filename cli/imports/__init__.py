"""Importing files of customers, orders and events through the door that SDKs use."""
