"""The fairness gate's rule, and the waiver that opens it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scoring.gate import BLOCKED, PASSED, UNCOMPUTED, UNKNOWN, may_take_over, read_label, waived

TODAY = date(2026, 11, 23)
GOOD = {"signed_by": "Risk committee", "reason": "Under study", "until": "2026-12-31"}


@pytest.mark.parametrize(
    ("gate", "serving", "is_waived", "expected"),
    [
        (PASSED, PASSED, False, True),
        (UNKNOWN, PASSED, False, True),
        (BLOCKED, PASSED, False, False),
        (BLOCKED, UNKNOWN, False, False),
        (BLOCKED, BLOCKED, False, True),
        (BLOCKED, None, False, True),
        (BLOCKED, PASSED, True, True),
        (UNCOMPUTED, PASSED, False, False),
        (UNCOMPUTED, UNKNOWN, False, False),
        (UNCOMPUTED, PASSED, True, True),
        (UNCOMPUTED, BLOCKED, False, True),
        (BLOCKED, UNCOMPUTED, False, True),
        (UNCOMPUTED, None, False, True),
    ],
)
def test_who_may_take_over(gate: str, serving: str | None, is_waived: bool, expected: bool) -> None:
    """A scorecard that did not pass replaces only another such one, unless somebody signs."""
    assert may_take_over(gate, serving, waived=is_waived) is expected


@pytest.mark.parametrize(
    ("label", "gate"),
    [(None, UNKNOWN), ("passed", PASSED), ("blocked", BLOCKED), ("uncomputed", UNCOMPUTED),
     ("Passed ", UNCOMPUTED), ("", UNCOMPUTED)],
)  # fmt: skip
def test_a_label_that_says_nothing_known_has_not_passed(label: str | None, gate: str) -> None:
    """Only the exact word passes; no label at all is a scorecard made elsewhere."""
    assert read_label(label) == gate


def test_a_waiver_says_who_why_and_until_when(tmp_path: Path) -> None:
    """Expired or unsigned it is none; a file of another form is said, not ignored."""
    path = tmp_path / "waiver.json"
    assert waived(None, TODAY) is None
    assert waived(path, TODAY) is None
    path.write_text(json.dumps(GOOD))
    assert waived(path, TODAY) == "Risk committee, until 2026-12-31: Under study"
    for change in ({"until": "2026-11-22"}, {"signed_by": " "}, {"reason": ""}):
        path.write_text(json.dumps({**GOOD, **change}))
        assert waived(path, TODAY) is None
    for wrong in ("{", "[]", json.dumps({**GOOD, "until": "soon"}), json.dumps({"signed_by": "x"})):
        path.write_text(wrong)
        with pytest.raises(ValueError, match="is no waiver"):
            waived(path, TODAY)
