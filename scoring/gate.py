"""The fairness gate: which scorecard may take the place of the one that serves.

Training compares how proposals fall on groups of people and labels the scorecard ``passed``,
``blocked`` (a group is served worse than the policy allows) or ``uncomputed`` (no two groups large
enough, or nobody granted: what nobody could check has not passed). A scorecard that did not pass
is registered, so that it can be looked at, and takes the place of another only

- when nothing serves yet, or what serves did not pass either: then it serves with a warning in
  ``/readyz``, ``GET /model`` and the log;
- when somebody signs for it: a waiver file that says who, why and until when.

A scorecard without any label (made elsewhere) is ``unknown`` and not stopped: nothing is known
against it. A label of another word is read as ``uncomputed``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

LABEL = "fairness_gate"
PASSED, BLOCKED, UNCOMPUTED, UNKNOWN = "passed", "blocked", "uncomputed", "unknown"
WAIVER = "fairness-waiver.json"
"""Name of the waiver's file, in the folder that holds everything."""
WARNING = (
    "The fairness gate of the scorecard that serves is blocked. "
    "Promote one that passed it, or sign a waiver."
)
UNCOMPUTED_WARNING = (
    "The fairness gate of the scorecard that serves could not be computed. "
    "Promote one that passed it, or sign a waiver."
)


class Waiver(BaseModel):
    """A signed exception to the gate: who answers for it, why, and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signed_by: str
    reason: str
    until: date

    def in_force(self, today: date) -> bool:
        """Whether the waiver still holds and says who and why."""
        return bool(self.signed_by.strip() and self.reason.strip()) and today <= self.until


def waived(path: Path | None, today: date) -> str | None:
    """Return who waived the gate and until when; ``None`` without a waiver in force.

    Raises ``ValueError`` for a file that is no waiver.
    """
    if path is None or not path.exists():
        return None
    try:
        waiver = Waiver.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError:
        msg = f"{path} is no waiver: it needs signed_by, reason and until (YYYY-MM-DD), no more."
        raise ValueError(msg) from None
    if not waiver.in_force(today):
        return None
    return f"{waiver.signed_by}, until {waiver.until.isoformat()}: {waiver.reason}"


def read_label(label: str | None) -> str:
    """Return the gate's verdict that a scorecard's label says; ``None`` for no label."""
    if label is None:
        return UNKNOWN
    return label if label in {PASSED, BLOCKED} else UNCOMPUTED


def stopped(gate: str) -> bool:
    """Tell whether the gate keeps a scorecard from taking another's place: it did not pass."""
    return gate in {BLOCKED, UNCOMPUTED}


def may_take_over(gate: str, serving: str | None, *, waived: bool) -> bool:
    """Tell whether a scorecard may take the place of the one that serves (``None``: none does)."""
    return not stopped(gate) or waived or serving is None or stopped(serving)
