"""With ``-c snapstart=true`` what is called every day starts from a snapshot, and nothing else changes."""

from typing import Any

import pytest

from functions.topology import FUNCTIONS
from functions.topology_rows import Every, Function
from tests.infra.synthesis import Template

RESTORED = [row for row in FUNCTIONS if row.snapshot]
OTHERS = [row for row in FUNCTIONS if not row.snapshot]


def _named(row: Function) -> str:
    return row.name


def test_somebody_starts_from_a_snapshot_and_nobody_whose_calls_must_not_be_refused() -> None:
    """Lambda refuses calls of a version that was not called for 14 days: an unsubscribe link must not meet that."""
    assert RESTORED
    kept = {"preferences"} | {row.name for row in FUNCTIONS if {Every} & set(map(type, row.triggers))}
    assert not kept & {row.name for row in RESTORED}


def test_without_snapstart_there_are_no_snapshots(template: Template) -> None:
    assert not [each for each in template.all("Lambda::Function").values() if "SnapStart" in each]


@pytest.mark.parametrize("row", RESTORED, ids=_named)
def test_a_snapshot_is_taken_of_each_published_version(template_with_snapshots: Template, row: Function) -> None:
    _, function = template_with_snapshots.function(row.name)
    assert {"ApplyOn": "PublishedVersions"} == function["SnapStart"]
    # What Lambda does not restore: more storage than this, file systems, and kept concurrency beside it.
    assert not {"EphemeralStorage", "FileSystemConfigs"} & function.keys()
    _, version = template_with_snapshots.one("Lambda::Version", f"functions{row.name}function")
    assert "ProvisionedConcurrencyConfig" not in version


@pytest.mark.parametrize("row", OTHERS, ids=_named)
def test_the_other_functions_are_as_they_were(
    template: Template, template_with_snapshots: Template, row: Function
) -> None:
    assert template.function(row.name) == template_with_snapshots.function(row.name)


def test_switching_snapstart_on_changes_functions_and_publishes_versions_and_nothing_else(
    template: Template, template_with_snapshots: Template
) -> None:
    assert _others(template) == _others(template_with_snapshots)
    assert template.body["Outputs"] == template_with_snapshots.body["Outputs"]


def _others(template: Template) -> dict[str, Any]:
    """All but the functions that start from snapshots, and what names their versions, after a digest of each."""
    changed = {template.function(row.name)[0] for row in RESTORED}
    changed |= {template.alias(row.name)["Ref"] for row in RESTORED}
    changed |= {template.one("Lambda::Version", f"functions{row.name}function")[0] for row in RESTORED}
    return {name: each for name, each in template.body["Resources"].items() if name not in changed}
