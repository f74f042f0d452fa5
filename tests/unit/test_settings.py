"""What functions are told; run as a script, this file writes the table of settings in docs/deploying.md."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from functions.settings import (
    DEFAULTS,
    FIELDS,
    GIVEN_BY_STACK,
    PARTS,
    Settings,
    SettingsError,
    Wrong,
    model_of,
    read,
    variables_of,
)
from functions.topology import FUNCTIONS
from functions.topology_rows import SettingsPart

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/deploying.md"
BEGIN, END = "<!-- settings: written from functions/settings -->", "<!-- end of settings -->"

REFUSED = {
    "BACKFILL_LANES": ("0", "is not a whole number above zero"),
    "CONSENT_DEFAULT": ("maybe", "is neither explicit nor implied"),
    "DEFINITIONS_MAX_AGE": ("1.0", "is not a whole number of seconds"),
    "DUE_SHARDS": ("four", "is not a whole number above zero"),
    "JOINS_PER_DAY": ("0", "is not a whole number above zero"),
    "LINK_DOMAINS": ("shop.example;b", "is not a list of domains such as shop.example, with commas between"),
    "LOG_RETENTION_DAYS": ("-3", "is not a whole number above zero"),
    "MESSAGES_PER_DAY": ("1_0", "is not a whole number above zero"),
    "PICTURE_DOMAINS": ("https://cdn.example", "is not a list of domains such as shop.example, with commas between"),
    "PUBLIC_MESSAGES_PER_HOUR": ("none", "is not a whole number above zero"),
    "PUBLIC_PROFILES_PER_DAY": ("-1", "is not a whole number"),
    "PUBLIC_URL": ("your.shop", "does not begin with https://"),
    "REFRESH_SAMPLE": ("101", "is not a whole number of per cent"),
    "SERVER_REQUESTS_PER_MINUTE": ("1e3", "is not a whole number above zero"),
    "SHOP_CURRENCY": ("dollars", "is not a currency code of three letters"),
    "SHOP_DOMAIN": ("https://your.shop", "is not a list of domains such as shop.example, with commas between"),
    "SHOP_LANGUAGE": ("German!", "is not a language such as en or de-AT"),
    "SHOP_TIMEZONE": ("Berlin", "is not the name of a time zone such as Europe/Berlin"),
    "SHOP_URL": ("ftp://your.shop", "does not begin with https://"),
}


def test_what_is_not_set_has_its_default():
    assert DEFAULTS == {name: str(getattr(read({}), name.lower())) for name in DEFAULTS}


def test_an_empty_variable_is_as_good_as_none():
    assert read({}) == read(dict.fromkeys(DEFAULTS, ""))


@pytest.mark.parametrize("variable", REFUSED)
def test_a_wrong_value_is_refused_with_what_would_be_right(variable):
    value, wrong = REFUSED[variable]
    with pytest.raises(SettingsError) as refused:
        read({variable: value})
    assert f"{variable}={value!r} {wrong}" == str(refused.value)


def test_every_wrong_value_is_named_at_once():
    with pytest.raises(SettingsError) as refused:
        read({variable: value for variable, (value, _) in REFUSED.items()})
    assert list(REFUSED) == [fault.variable for fault in refused.value.faults]


def test_whatever_may_be_refused_says_what_is_wrong_with_it():
    for name, field in FIELDS.items():
        plain = field.annotation is str and not field.metadata
        assert plain or [Wrong] == [type(each) for each in field.metadata if isinstance(each, Wrong)], name


def test_wrong_values_are_refused_at_the_first_use_and_not_at_import():
    program = "import functions.handlers.fold; from functions import wiring; print('imported'); wiring.ports().settings"
    environment = {"SHOP_TIMEZONE": "Berlin", "FUNCTION": "fold", "DUE_SHARDS": "four"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "imported\n" == done.stdout
    assert done.stderr.splitlines()[-1].endswith(
        "SettingsError: DUE_SHARDS='four' is not a whole number above zero; "
        "SHOP_TIMEZONE='Berlin' is not the name of a time zone such as Europe/Berlin"
    )


def test_settings_cannot_be_changed_after_they_are_read():
    with pytest.raises(ValidationError):
        read({}).shop_name = "Other"


def test_only_the_environment_that_is_given_counts(monkeypatch):
    monkeypatch.setenv("SHOP_NAME", "Of the process")
    assert "Our shop" == read({}).shop_name


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda row: row.name)
def test_a_function_has_the_settings_of_its_row_and_no_others(function):
    settings = read({"FUNCTION": function.name, **dict.fromkeys(DEFAULTS, "")})
    assert isinstance(settings, model_of(function))
    for name in DEFAULTS:
        if name in variables_of(function):
            assert DEFAULTS[name] == str(getattr(settings, name.lower()))
        else:
            with pytest.raises(SettingsError, match=f"{name} is no setting of this function"):
                getattr(settings, name.lower())


def test_a_fault_in_a_setting_of_other_functions_does_not_stop_a_function():
    assert 64 == read({"FUNCTION": "tick", "SHOP_TIMEZONE": "Berlin"}).due_shards


def test_a_name_that_is_no_function_is_refused():
    with pytest.raises(SettingsError, match="FUNCTION='flod' is no function of the topology"):
        read({"FUNCTION": "flod"})


def test_each_setting_is_said_once_and_each_part_is_used():
    fields = [name for part in PARTS.values() for name in vars(part).get("__annotations__", {})]
    assert sorted(fields) == sorted(set(Settings.model_fields) - {"places"})
    assert set(PARTS) == set(get_args(SettingsPart)) == {part for row in FUNCTIONS for part in row.settings}


def written():
    rows = [
        f"| `{name.lower()}` | {f'`{field.default}`' if field.default != '' else ''} | {field.description} |"
        for name, field in sorted(FIELDS.items())
        if name not in GIVEN_BY_STACK
    ]
    before, _, rest = PAGE.read_text().partition(BEGIN)
    table = "\n".join(["| name | default | meaning |", "| --- | --- | --- |", *rows])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"


def test_the_guide_lists_every_setting():
    assert written() == PAGE.read_text()


if __name__ == "__main__":
    PAGE.write_text(written())
