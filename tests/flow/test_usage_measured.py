"""What the bills are computed from is what the functions use today."""

import json

import pytest

from bench.usage import PATH, measured


def test_what_is_stored_as_measured_is_what_is_measured() -> None:
    stored, now = json.loads(PATH.read_text()), measured()
    assert stored["month"] == now["month"]
    assert stored["rows"] == pytest.approx(now["rows"], rel=0.1), "run: python -m bench.usage"
    for kind, used in stored["each"].items():
        assert used == pytest.approx(now["each"][kind], rel=0.1), f"{kind}; run: python -m bench.usage"
