"""What the documents say of sources is what the records say."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from functions.core.base.translation import Translation
from functions.sources import SOURCES, declared
from functions.sources.base import Source
from functions.sources.segment import ROUTES
from functions.sources.ses.types import TYPES
from functions.sources.shopify import topics as shopify
from functions.sources.stripe import types as stripe
from functions.sources.woocommerce import topics as woocommerce
from functions.topology import DECLARED, FUNCTIONS, SECRETS, STOREFRONTS
from functions.topology_rows import Http

# Where the topics of each storefront are described.
PAGES = {"sources.md": shopify.TOPICS, "woocommerce.md": woocommerce.TOPICS, "stripe.md": stripe.TYPES}
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("page", "topic"), [(page, topic) for page, topics in PAGES.items() for topic in topics])
def test_every_topic_is_documented(page: str, topic: str) -> None:
    assert f"`{topic}`" in (DOCS / page).read_text()


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"sources.md"}))
def test_the_page_of_a_storefront_is_found_and_names_what_the_stack_says(page: str) -> None:
    name = page.removesuffix(".md")
    text = (DOCS / page).read_text()
    assert page in (DOCS.parent / "mkdocs.yml").read_text()
    assert f"({page})" in (DOCS / "sources.md").read_text()
    assert {f"{name.title()}WebhookUrl", f"{name.title()}Secret"} <= set(re.findall(r"\w+", text))
    assert f"/hooks/{name}" in text
    assert f"-c sources={name}" in text


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_of_ses_is_documented(kind: str) -> None:
    assert re.search(rf"\b{kind}\b", (DOCS / "sources.md").read_text())


def test_the_guide_knows_every_field_of_the_record_and_of_a_translation() -> None:
    guide = (DOCS / "ADDING_A_SOURCE.md").read_text()
    told = {field.name for record in (Source, Translation) for field in fields(record)}
    assert {"unclear"} == {name for name in told if not re.search(rf"\b{name}\b", guide)}


def test_every_source_has_a_secret_that_is_deployed_and_golden_cases() -> None:
    golden = DOCS.parent / "tests" / "golden" / "sources"
    assert {source.secret for source in SOURCES.values()} - {""} <= {secret.name for secret in SECRETS}
    assert STOREFRONTS == (*(source.secret for source in SOURCES.values() if source.hook), DECLARED)
    assert STOREFRONTS == (*(source.name for source in SOURCES.values() if source.hook), declared.SECRET)
    assert set(SOURCES) == {path.name for path in golden.iterdir() if list(path.glob("*.json"))}


def test_every_path_that_is_deployed_is_one_that_collect_takes() -> None:
    collect = next(function for function in FUNCTIONS if function.name == "collect")
    paths = {trigger.path for trigger in collect.triggers if isinstance(trigger, Http) and trigger.method == "POST"}
    assert {f"/v1/{route}" for route in ROUTES} | {"/hooks/{source}"} == paths
