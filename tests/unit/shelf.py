"""Definitions that are published one after the other, with what each keeps, without a table."""

from dataclasses import replace

from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.timelines.versions import TimelineVersion


class Shelf:
    """What was published, as the definitions table keeps it."""

    def __init__(self):
        self.revision = 0
        self.current = {}

    def publish(self, kind, name, body):
        """What is loaded after the publication."""
        self.revision += 1
        new = Definition(kind, name, self.revision, "", body, "t", 0, revision=self.revision)
        keeps = KeptTimelines(self.current.values(), {**self.current, name: new}.values(), currency="EUR").kept(new)
        keeps = {address: TimelineVersion(asks, since or self.revision) for address, (asks, since) in keeps.items()}
        self.current[name] = replace(new, kept=keeps)
        return load(list(self.current.values()), self.revision, currency="EUR").catalogue
