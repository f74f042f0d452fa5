"""Evaluates segments for everybody in a file of events, column by column, with the engine's results.

Never deployed. Needs ``requirements-batch.txt``.
"""
