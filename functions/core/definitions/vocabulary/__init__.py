"""The names of events, properties, categories and traits that definitions are expected to use."""
