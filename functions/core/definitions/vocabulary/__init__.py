"""The names of events, properties and categories that a definition may be expected to use."""
