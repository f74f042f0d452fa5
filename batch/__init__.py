"""Segments for everybody at once, from a file of events: what the engine says person by person, column by column.

Never deployed. Needs ``requirements-batch.txt``.
"""
