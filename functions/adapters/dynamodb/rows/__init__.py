"""The rows that are stored: one module per kind of row, with its attribute names, its key, its encoder and its decoder.

A module has the names as constants, ``key``, ``to_item`` and ``from_item``, and the conditions of its writes, each with
the race that it decides. Nothing else names an attribute. A release can read what the previous release wrote, and the
previous one can read what it writes: a name never changes its meaning, and a new attribute may be absent.
"""
