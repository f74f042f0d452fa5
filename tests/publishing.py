"""Publish definitions into the fake of their port, each with the timelines that it keeps, whatever its text is."""

from dataclasses import replace
from typing import Any

from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.segments.engine import Catalogue
from tests.fakes.definitions import FakeDefinitions


def publish(definitions: FakeDefinitions, *new: Definition, currency: str = "") -> list[Definition]:
    """Make the definitions current under one revision, and withdraw those of them that are ``withdrawn``."""
    before = {(each.kind, each.id): each for each in definitions.current()}
    after = {**before, **{(each.kind, each.id): each for each in new}}
    keeps = KeptTimelines(before.values(), [each for each in after.values() if not each.withdrawn], currency=currency)
    return definitions.publish_together(
        [each if each.withdrawn else replace(each, kept=keeps.kept(each)) for each in new]
    )


def catalogue_after(definitions: FakeDefinitions, kind: str, name: str, body: dict[str, Any]) -> Catalogue:
    """Publish one definition in a shop of euros; the catalogue that is then loaded."""
    publish(definitions, Definition(kind, name, 0, "", body, "test", 0), currency="EUR")
    return load(definitions.current(), definitions.revision(), currency="EUR").catalogue
