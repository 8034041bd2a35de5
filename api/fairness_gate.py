"""The fairness gate where scorecards are chosen: labels read, waivers found, warnings said."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache

import bentoml
from bentoml.exceptions import BentoMLException

from scoring.errors import ModelRejected
from scoring.gate import (
    LABEL,
    UNCOMPUTED,
    UNCOMPUTED_WARNING,
    UNKNOWN,
    WAIVER,
    WARNING,
    read_label,
    stopped,
    waived,
)
from storage.settings import home_of


def gate_of(tag: str) -> str:
    """Return the gate's verdict on a scorecard; unknown while it is not registered."""
    try:
        label = _label(tag)
    except BentoMLException:
        return UNKNOWN
    return read_label(label)


@cache
def _label(tag: str) -> str | None:
    """Read the label once: labels never change. Raises ``BentoMLException``."""
    label: str | None = bentoml.models.get(tag).info.labels.get(LABEL)
    return label


def waiver() -> str | None:
    """Return who waived the gate, until when and why; ``None`` without a waiver in force.

    Raises ``ModelRejected`` for a waiver that cannot be read.
    """
    try:
        return waived(home_of(os.environ) / WAIVER, datetime.now(UTC).date())
    except (ValueError, OSError) as error:
        raise ModelRejected(str(error)) from None


def signed() -> str | None:
    """Return the waiver as ``waiver`` does; one that cannot be read is none."""
    try:
        return waiver()
    except ModelRejected:
        return None


def must_be_open(tag: str) -> None:
    """Raise ``ModelRejected`` when the gate did not open and nobody signed for it."""
    if stopped(gate_of(tag)) and waiver() is None:
        msg = (
            f"The fairness gate of {tag} is {gate_of(tag)}: see the fairness part of its report. "
            f"To promote it all the same, whoever answers for it signs {WAIVER} in the folder "
            'SCORING_HOME: {"signed_by": "...", "reason": "...", "until": "YYYY-MM-DD"}.'
        )
        raise ModelRejected(msg)


def warnings_about(tag: str) -> list[str]:
    """Return what whoever watches the service should know about the scorecard that serves."""
    verdict = gate_of(tag)
    if not stopped(verdict):
        return []
    return [UNCOMPUTED_WARNING if verdict == UNCOMPUTED else WARNING]
