"""The operators: one module each, found by ``segments.registry``."""
