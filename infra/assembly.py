"""The CDK app: turns the context into a cloud assembly."""

import json
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from infra import bundle, checks
from infra.configuration import StackConfiguration, read
from infra.stack import Segue


def synthesise(values: Mapping[str, str], output: str) -> None:
    """Write the cloud assembly; raises ContextError or BundleError, and then nothing is written."""
    # Under the CLI its context, which holds cdk.json's already, is there before this; alone, cdk.json is read here.
    app = cdk.App(outdir=output, context=_from_cdk_json() | dict(values), analytics_reporting=False)
    context = read(app.node.get_all_context())
    stack = Segue(app, context=context, code=_code(context))
    checks.add(app, stack)
    app.synth()


def _from_cdk_json() -> dict[str, Any]:
    return dict(json.loads((bundle.ROOT / "cdk.json").read_text())["context"])


def _code(context: StackConfiguration) -> lambda_.Code:
    if context.options.asset:
        return lambda_.Code.from_asset(context.options.asset)
    asset = bundle.build(bundle.lambda_target())
    # The digest of what the asset was made from: unchanged code is not uploaded again.
    return lambda_.Code.from_asset(str(asset.path), asset_hash=asset.digest, asset_hash_type=cdk.AssetHashType.CUSTOM)
