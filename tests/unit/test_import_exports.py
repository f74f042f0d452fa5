"""tests/golden/imports/<program>/<name>.json: what each program exports, and the messages that it becomes."""

import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.imports.layouts import choose
from cli.imports.options import Arguments
from cli.imports.parts import parts
from functions.sources.tabular import exports, targets
from functions.sources.tabular.messages import translate
from functions.sources.tabular.records import Messages
from functions.sources.tabular.targets import place

GOLDEN = Path(__file__).parent.parent / "golden" / "imports"
NOW = "2026-11-27T00:00:00.000Z"


def cases():
    for path in sorted(GOLDEN.glob("*/*.json")):
        told = json.loads(path.read_text(), parse_float=Decimal)
        for case in told if isinstance(told, list) else [told]:
            yield pytest.param(f"{path.parent.name}/{path.stem}", case, id=f"{path.parent.name}: {case['file']}")


def chosen_of(path, **said):
    (part,) = parts(path, None)
    chosen = choose(part, Arguments(file=path, **said))
    assert chosen
    return part, chosen


def told_of(part, chosen):
    for told in translate(part.rows(), chosen.layout, NOW):
        if isinstance(told, Messages):
            bodies = [{name: value for name, value in body.items() if name != "messageId"} for body in told.bodies]
            yield {"line": told.line, "bodies": bodies}
        else:
            yield {"line": told.line, "unasked" if told.unasked else "reason": told.reason}


@pytest.mark.parametrize(("export", "case"), list(cases()))
def test_each_golden_export_is_recognised_and_gives_its_messages(tmp_path, export, case):
    path = tmp_path / case["file"]
    path.write_text("\n".join(case["text"]) + "\n")
    part, chosen = chosen_of(path, timezone=case.get("timezone"))
    (known,) = [each for each in exports.exports() if f"{each.program}/{each.name}" == export]
    assert chosen.export.startswith(known.label)
    assert case["told"] == list(told_of(part, chosen))


@pytest.mark.parametrize("export", exports.exports(), ids=lambda each: f"{each.program}-{each.name}")
def test_every_ready_mapping_has_a_golden_pair_and_can_work(export):
    assert (GOLDEN / export.program / f"{export.name}.json").is_file()
    layout = export.layout([], "subscribed.csv", is_open=True)
    assert layout == targets.layout(layout.kind, {}, layout.columns.values(), layout)
    assert [] == [target for target in layout.columns if place(target).part not in ("", "trait", "property", "product")]
    assert set(export.told["marks"]) <= {*layout.columns.values(), *export.told["marks"]}


@pytest.mark.parametrize("export", exports.exports(), ids=lambda each: f"{each.program}-{each.name}")
def test_no_other_mapping_takes_the_columns_of_an_export(export):
    assert export == exports.recognised(export.told["marks"])
    assert export == exports.recognised(export.told["marks"], export.program)
    assert exports.recognised(export.told["marks"], "nobody") is None


MEMBERS = "Email Address,MEMBER_RATING,LEID,EUID\n{who}@x.org,2,1,a\n"


@pytest.fixture
def audience(tmp_path):
    path = tmp_path / "audience.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for state, who in (("subscribed", "ann"), ("unsubscribed", "bob"), ("cleaned", "eve")):
            archive.writestr(f"{state}_email_audience_export_1.csv", MEMBERS.format(who=who))
        archive.writestr("campaigns.csv", "Title,Sent\nSpring,2024-01-01\n")
        archive.writestr("nonsubscribed_email_audience_export_1.csv", MEMBERS.partition("\n")[0])
    return path


def test_the_name_of_each_file_in_a_mailchimp_zip_is_its_consent(audience, capsys):
    assert main(["import", str(audience), "--dry-run", "--json"]) == 0
    told = capsys.readouterr()
    assert "passed over: campaigns.csv" in told.err
    said = {part["file"].partition("_")[0]: part["constants"] for part in json.loads(told.out)["parts"]}
    assert {
        "cleaned": {"consent": "unsubscribed"},
        "subscribed": {"consent": "subscribed"},
        "unsubscribed": {"consent": "unsubscribed"},
    } == said
    assert 6 == json.loads(told.out)["messages"]


def test_a_mailchimp_file_under_another_name_gives_no_consent_and_says_so(tmp_path, capsys):
    path = tmp_path / "people.csv"
    path.write_text(MEMBERS.format(who="ann"))
    assert main(["import", str(path), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "a Mailchimp export of an audience, whose name tells no consent" in said
    assert "imported" not in said and "as 1 message" in said


SHOPIFY = "First Name,Last Name,Email,Total Spent,Total Orders,Accepts Email Marketing\nAnn,Lee,ann@x.org,1,1,{said}\n"


def test_what_is_said_outweighs_a_ready_mapping(tmp_path, capsys):
    path = tmp_path / "people.csv"
    path.write_text(SHOPIFY.format(said="no"))
    assert main(["import", str(path), "--dry-run", "--json", "--answers", "yes=yes,no=none"]) == 0
    assert 1 == json.loads(capsys.readouterr().out)["messages"]
    assert main(["import", str(path), "--dry-run", "--json", "--map", "consent="]) == 0
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert "consent" not in part["columns"]
    assert main(["import", str(path), "--dry-run", "--json", "--from", "none"]) == 0
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert part["export"] is None and "consent" not in part["columns"]


def test_an_answer_for_every_row_is_in_our_words_whatever_the_columns_are(tmp_path, capsys):
    path = tmp_path / "suppressed.csv"
    path.write_text("Email,Klaviyo ID,Email Marketing Consent\nann@x.org,1,SUBSCRIBED\n")
    part, chosen = chosen_of(path, map=["consent=:no"])
    (told,) = told_of(part, chosen)
    assert "unsubscribed" == told["bodies"][1]["context"]["traits"]["email_marketing_consent"]
    assert main(["import", str(path), "--dry-run", "--map", "consent=:perhaps"]) == 1
    assert "consent=:perhaps: 'perhaps' is neither yes, no nor pending" in capsys.readouterr().err


def test_an_answer_that_a_program_was_not_known_to_write_stops_the_import_with_its_row(tmp_path, capsys):
    path = tmp_path / "people.csv"
    path.write_text(SHOPIFY.format(said="perhaps"))
    assert main(["import", str(path), "--dry-run"]) == 1
    assert "people.csv:2: consent=Accepts Email Marketing: 'perhaps' is none of the answers no, yes" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "klaviyo"], "people.csv has not the columns of an export of klaviyo"),
        (["--kind", "orders"], "a Shopify export of customers holds customers"),
        (["--from", "shoppify"], "(did you mean shopify?)"),
    ],
)
def test_a_file_that_is_no_such_export_is_refused(tmp_path, capsys, words, says):
    path = tmp_path / "people.csv"
    path.write_text(SHOPIFY.format(said="no"))
    assert main(["import", str(path), "--dry-run", *words]) == 1
    assert says in capsys.readouterr().err


def test_the_zone_of_a_shops_own_time_has_to_be_told(tmp_path, capsys):
    path = tmp_path / "orders.csv"
    path.write_text("order_id,order_date,status,billing_email,order_total\n7,2024-03-01 10:00:00,completed,a@x.org,9\n")
    assert main(["import", str(path), "--dry-run"]) == 1
    assert "are the shop's own time; say of which zone (did you mean Europe/Berlin?)" in capsys.readouterr().err
    assert main(["import", str(path), "--dry-run", "--timezone", "Europe/Berlin"]) == 0
