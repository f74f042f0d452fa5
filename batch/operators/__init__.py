"""Operators in columns: one module each, found by ``batch.registry``."""
