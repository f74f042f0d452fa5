"""Synthesis needs no account, no Docker, no git and no CLI, and its checks are clean."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.infra.synthesis import CONTEXT, synthesise


def test_under_the_cli_the_template_is_the_same(assembly: Path, tmp_path: Path) -> None:
    output = tmp_path / "cli.out"
    given = {**json.loads(Path("cdk.json").read_text())["context"], **CONTEXT}
    given |= {"aws:cdk:enable-asset-metadata": False, "aws:cdk:version-reporting": False}
    done = synthesise(output, {}, CDK_CONTEXT_JSON=json.dumps(given))
    assert done.returncode == 0, done.stderr[-3000:]
    assert _without_digests(assembly) == _without_digests(output)


def _without_digests(assembly: Path) -> str:
    """The template, whatever has become of the code meanwhile."""
    return re.sub(r"\b[0-9a-f]{64}\b", "", (assembly / "Segue.template.json").read_text())


def test_with_no_context_at_all_it_synthesises_and_warns_that_nothing_can_be_sent(tmp_path: Path) -> None:
    done = synthesise(tmp_path / "bare.out", {})
    assert done.returncode == 0, done.stderr[-3000:]
    template = json.loads((tmp_path / "bare.out" / "Segue.template.json").read_text())
    assert "nothing is sent" in template["Outputs"]["Mail"]["Value"]
    assert not [each for each in template["Resources"].values() if each["Type"] == "AWS::SES::EmailIdentity"]


def test_wrong_context_ends_with_the_faults_and_no_trace(tmp_path: Path) -> None:
    done = synthesise(tmp_path / "wrong.out", {"burst": "many", "colour": "red"})
    assert 1 == done.returncode
    assert "burst='many' is not a whole number above zero" in done.stderr
    assert "colour is not a context value" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_template_belongs_to_no_account_and_no_region(assembly: Path) -> None:
    (stack,) = (
        each
        for each in json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
        if each["type"] == "aws:cloudformation:stack"
    )
    assert "aws://unknown-account/unknown-region" == stack["environment"]


def test_cdk_nag_has_run_and_found_nothing_that_is_not_acknowledged(assembly: Path) -> None:
    report = json.loads((assembly / "validation-report.json").read_text())
    concluded = {each["pluginName"]: each["conclusion"] for each in report["pluginReports"]}
    assert {"AwsSolutions": "success", "Serverless": "success"}.items() <= concluded.items()
    for pack in report["pluginReports"]:
        assert all(each["reason"] for each in pack["suppressedViolations"]), pack["pluginName"]


def test_cfn_lint_is_clean(assembly: Path) -> None:
    # W3005: the CDK names dependencies that a GetAtt implies already; harmless, and not ours to remove.
    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", "-i", "W3005", "--"]
    done = subprocess.run(
        [*command, str(assembly / "Segue.template.json")], capture_output=True, text=True, timeout=120, check=False
    )
    assert (0, "") == (done.returncode, done.stdout)
