"""Mappings: expressions of JMESPath that turn a body into events, each within bounds."""
