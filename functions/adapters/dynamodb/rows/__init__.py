"""What is stored: one module for each kind of row, with the names of its attributes, its key and its two directions.

A module has the names as constants, ``key``, ``to_item`` and ``from_item``, and the conditions of its writes, each with
the race that it decides. Nothing else names an attribute. A release reads what the release before it wrote, and what it
writes the release before it can read: a name is never given another meaning, and a new attribute may be absent.
"""
