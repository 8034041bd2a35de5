"""Records: assessments read back and replayed, decisions, outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from scoring.contract.base import RECORD_ID, ClientId, Input, Output, Verdict
from scoring.contract.holdings import Day

Decided = Literal["GRANT", "DECLINE", "REVIEW"]
LEAST_MOTIVE = 10
"""Characters of a motive, at least."""
Motive = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=LEAST_MOTIVE, max_length=2000)
]
RecordId = Annotated[str, Field(pattern=RECORD_ID, examples=["asm_0123456789abcdef01234567"])]


class DecisionRequest(Input):
    """What the advisor signs. ``motive`` is required when it departs from the verdict."""

    assessment_id: RecordId
    decision: Decided = Field(description="REVIEW asks for a second reviewer")
    motive: Motive | None = None
    revises: RecordId | None = Field(
        default=None, description="the decision this one replaces, once one is recorded"
    )


class DecisionResponse(Output):
    """A decision, as recorded."""

    decision_id: str
    assessment_id: str
    client_id: int | None
    decided_at: datetime
    decided_by: str
    role: str
    decision: Decided
    verdict: Verdict = Field(description="what the scorecard proposed")
    is_override: bool
    motive: str | None
    revises: str | None


class OutcomeRequest(Input):
    """What became of a loan."""

    client_id: ClientId
    assessment_id: RecordId | None = None
    outcome: Literal["REPAID", "DEFAULT"]
    observed_on: Day


class OutcomeResponse(Output):
    """An outcome, as recorded."""

    outcome_id: str
    client_id: int
    recorded_at: datetime


class AssessmentResponse(Output):
    """An assessment as recorded, with the application it was made on and what followed."""

    assessment_id: str
    sequence: int
    hash: str
    assessed_at: datetime
    asked_by: str
    role: str
    client_id: int | None
    snapshot: str | None = Field(description="hash of the input")
    application: dict[str, float | int | str] | None
    content: dict[str, Any] | None = Field(description="null once purged")
    decisions: list[DecisionResponse]


class Numbers(Output):
    """The numbers a replay must give again."""

    raw_score: float
    default_probability: float
    cut_off: float
    verdict: Verdict
    points: int
    risk_band: str


class ReplayResponse(Output):
    """An assessment computed again on its recorded input by the scorecard that made it."""

    assessment_id: str
    model_tag: str
    recorded: Numbers
    replayed: Numbers
    identical: bool
