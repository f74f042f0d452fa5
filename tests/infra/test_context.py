"""Wrong context is refused before anything is built, every fault at once."""

import pytest

from functions.destinations import destination_keys
from functions.settings import DEFAULTS
from infra.configuration import CANARIES, ContextError, read

REFUSED = [
    ({"shop_curency": "USD"}, ["shop_curency is not a context value; did you mean shop_currency?"]),
    ({"shop_currency": "dollars"}, ["shop_currency='dollars' is not a currency code of three letters"]),
    ({"from_address": "hello"}, ["from_address='hello' is not a bare address; the name beside it is shop_name"]),
    (
        {"from_address": "hello@shop.example", "identity": "other.example"},
        ["from_address='hello@shop.example' does not lie under identity='other.example'"],
    ),
    ({"identity": "shop.example"}, ["identity is given without from_address"]),
    (
        {"from_address": "hello@shop.example", "mail_from": "bounce.other.example"},
        ["mail_from='bounce.other.example' is not a subdomain of identity='shop.example'"],
    ),
    ({"log_days": "31"}, ["log_days='31' is none of the spans of CloudWatch: 1, 3, 7, 14, 30, 60, 90, 180, 365"]),
    ({"protect": "no"}, ["protect='no' is neither true nor false"]),
    ({"snapstart": "yes"}, ["snapstart='yes' is neither true nor false"]),
    (
        {"canary": "5percent"},
        [f"canary='5percent' is none of the ways of CodeDeploy: {', '.join(CANARIES)}"],
    ),
    (
        {"tables": "runs=runs-restored", "protect": "false"},
        ["tables is given with protect=false: the tables in whose place they come would be deleted"],
    ),
    ({"fold_window": "301"}, ["fold_window='301' is not a number of seconds from 0 to 300"]),
    ({"fold_window": "-1"}, ["fold_window='-1' is not a number of seconds from 0 to 300"]),
    ({"burst": "0"}, ["burst='0' is not a whole number above zero"]),
    ({"account": "12"}, ["account='12' is not an account of twelve digits"]),
    ({"alarm_email": "ops"}, ["alarm_email='ops' is not an address"]),
    ({"public_url": "http://shop.example"}, ["public_url='http://shop.example' does not begin with https://"]),
    (
        {"due_shards": "none", "consent_default": "maybe"},
        [
            "consent_default='maybe' is neither explicit nor implied",
            "due_shards='none' is not a whole number above zero",
        ],
    ),
    ({"shop_language": "German!"}, ["shop_language='German!' is not a language such as en or de-AT"]),
    (
        {"destinations": "eventbus,evntbus"},
        [f"destinations='eventbus,evntbus': no destination 'evntbus'; known: {', '.join(destination_keys())}"],
    ),
    (
        {"destinations": "Bus!"},
        ["destinations='Bus!' is not a list of destinations such as eventbus, with commas between"],
    ),
    (
        {"sources": "shopify,stipe"},
        [
            "sources='shopify,stipe': 'stipe' is none of shopify, woocommerce, stripe, declared, nor is it none alone; "
            "did you mean stripe?"
        ],
    ),
    (
        {"sources": "none,shopify"},
        ["sources='none,shopify': 'none' is none of shopify, woocommerce, stripe, declared, nor is it none alone"],
    ),
    ({"local_receivers": "yes"}, ["local_receivers is not a context value"]),
    ({"configuration_set": "mine"}, ["configuration_set is not a context value"]),
]


@pytest.mark.parametrize(("given", "faults"), REFUSED)
def test_wrong_context_is_refused_with_every_fault(given: dict[str, str], faults: list[str]) -> None:
    with pytest.raises(ContextError) as refused:
        read(given)
    assert faults == refused.value.faults


def test_every_value_of_the_context_has_a_default() -> None:
    context = read({})
    assert "" == context.identity
    assert context.protect
    assert {name: value for name, value in DEFAULTS.items() if value} == context.settings


@pytest.mark.parametrize(
    ("given", "on"),
    [
        ({}, ("shopify",)),
        ({"sources": ""}, ("shopify",)),
        ({"sources": "stripe, shopify"}, ("shopify", "stripe")),
        ({"sources": "none"}, ()),
    ],
)
def test_a_shop_has_the_storefronts_that_it_names(given: dict[str, str], on: tuple[str, ...]) -> None:
    assert on == read(given).sources


def test_switches_of_the_cdk_are_left_to_it() -> None:
    read({"@aws-cdk/core:checkSecretUsage": True, "aws:cdk:enable-path-metadata": True, "cli-telemetry": False})


def test_an_address_may_lie_under_a_parent_domain_and_a_flag_may_be_a_boolean() -> None:
    given = {"from_address": "hello@news.shop.example", "identity": "shop.example", "protect": False, "snapstart": True}
    context = read(given)
    assert ("shop.example", False, True) == (context.identity, context.protect, context.snapstart)
