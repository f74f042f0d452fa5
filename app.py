"""The CDK app: ``python app.py`` writes the same assembly as ``npx cdk synth``.

``python app.py -c shop_currency=USD`` gives context as the CLI does.
"""

import argparse
import os
import sys
from pathlib import Path

from infra import node


def main(arguments: list[str]) -> None:
    """Synthesise into ``cdk.out``, or wherever the CLI or ``--output`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-c", "--context", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("-o", "--output", default=os.environ.get("CDK_OUTDIR", str(Path(__file__).parent / "cdk.out")))
    options = parser.parse_args(arguments)
    node.use_packaged()
    from infra.assembly import synthesise
    from infra.bundle import BundleError
    from infra.configuration import ContextError

    try:
        synthesise(dict(pair.partition("=")[::2] for pair in options.context), options.output)
    except (ContextError, BundleError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
