"""Which conditions hold for whom, each asked once for all the people of one part of the file."""

from collections.abc import Mapping

import numpy as np

from batch import fallback
from batch.people import People
from batch.registry import columns
from batch.words import canonical
from functions.core.segments.operator import Node


class Evaluator:
    """Segments over people. ``alone`` are the conditions of operators that have no form in columns."""

    def __init__(self, people: People, segments: Mapping[str, Node], alone: Mapping[str, Node]) -> None:
        self.people = people
        self._segments = segments
        self._alone = alone
        self._held: dict[str, np.ndarray] = {}

    def segment(self, name: str) -> np.ndarray:
        """Who is in the segment."""
        return self.holds(self._segments[name])

    def holds(self, node: Node) -> np.ndarray:
        """For whom the condition holds."""
        key = canonical(node)
        if key not in self._held:
            if key in self._alone:
                self._held |= fallback.holds(self.people, self._alone)
            else:
                self._held[key] = columns()[node["op"]](self, node)
        return self._held[key]

    def corrected(self, node: Node, verdicts: np.ndarray, *entries: np.ndarray) -> np.ndarray:
        """What was found, but as the engine says for who has more events than it remembers, given whose they are."""
        crowd = self.people.crowded(*entries)
        if not len(crowd):
            return verdicts
        right = fallback.holds(self.people, {"": node}, crowd)[""]
        verdicts[crowd] = right[crowd]
        return verdicts
