"""Evaluates conditions for all people of one part of a file, each condition once."""

from collections.abc import Mapping

import numpy as np

from batch import fallback
from batch.people import PeopleFrame
from batch.registry import columns
from batch.words import canonical
from functions.core.segments.operator import Node


class Evaluator:
    """Evaluates segments over people; ``alone`` are the conditions without a columnar implementation."""

    def __init__(self, people: PeopleFrame, segments: Mapping[str, Node], alone: Mapping[str, Node]) -> None:
        self.people = people
        self._segments = segments
        self._alone = alone
        self._held: dict[str, np.ndarray] = {}

    def segment(self, name: str) -> np.ndarray:
        """A boolean array by person: True for those in the segment."""
        return self.holds(self._segments[name])

    def holds(self, node: Node) -> np.ndarray:
        """A boolean array by person: True where the condition holds; cached per condition."""
        key = canonical(node)
        if key not in self._held:
            if key in self._alone:
                self._held |= fallback.holds(self.people, self._alone)
            else:
                self._held[key] = columns()[node["op"]](self, node)
        return self._held[key]

    def corrected(self, node: Node, verdicts: np.ndarray, *entries: np.ndarray) -> np.ndarray:
        """The verdicts, with the engine's own for people who have more events than a timeline keeps.

        ``entries`` are arrays of the persons of the events that the condition counts. Changes ``verdicts`` in place.
        """
        crowd = self.people.crowded(*entries)
        if not len(crowd):
            return verdicts
        right = fallback.holds(self.people, {"": node}, crowd)[""]
        verdicts[crowd] = right[crowd]
        return verdicts
