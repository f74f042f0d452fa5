"""Counts for CloudWatch, in the embedded metric format: a line of JSON on standard output, with no call to AWS."""

import json
import logging
import sys

NAMESPACE = "Segue"


def count(now: int, counts: dict[str, int], **notes: str) -> None:
    """Count what is above zero; notes go along without being dimensions, which are billed."""
    told = {name: value for name, value in counts.items() if value}
    if not told:
        return
    units = [{"Name": name, "Unit": "Count"} for name in told]
    about = {"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": units}
    line = {"_aws": {"Timestamp": now * 1000, "CloudWatchMetrics": [about]}, **told, **notes}
    _logger().info("%s", json.dumps(line))


def _logger() -> logging.Logger:
    """A logger of bare lines; a host that wants them elsewhere gives ``segue.metrics`` a handler first."""
    logger = logging.getLogger("segue.metrics")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(sys.stdout))
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return logger
