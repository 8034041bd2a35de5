"""Score and explain: what is asked and what is answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, model_validator

from features.tables import Language
from scoring.contract.application import Application
from scoring.contract.base import (
    ClientId,
    Input,
    Interval,
    Output,
    Probability,
    ReferCause,
    Value,
    Verdict,
)


class ScoreRequest(Input):
    """A client the store knows, an application in full, or both (it with the client's history)."""

    client_id: ClientId | None = None
    application: Application | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> ScoreRequest:
        if self.client_id is None and self.application is None:
            msg = "give client_id, application, or both"
            raise ValueError(msg)
        return self


class ExplainRequest(ScoreRequest):
    """A score request and the language of the words."""

    language: Language = "fr"


class ScoreResponse(Output):
    """The scorecard's answer, committed as ``assessment_id`` before being given."""

    assessment_id: str
    client_id: int | None
    assessed_at: datetime
    model_tag: str
    default_probability: Probability
    cut_off: Probability
    verdict: Verdict
    refer_causes: list[ReferCause]
    grey_zone: Interval = Field(description="probabilities between these two are REFER")
    points: int
    risk_band: str


class Reason(Output):
    """One principal cause in words: a group of related features and the item that leads it."""

    group: str
    label: str
    sentence: str
    contribution: float = Field(description="log-odds; positive weighs, negative is in favour")
    feature: str
    feature_label: str
    value: Value
    reference: Value = Field(description="median of the granted clients")
    unit: str


class GroupContribution(Output):
    """Sum of the contributions of a group of related features, in log-odds."""

    group: str
    label: str
    contribution: float


class FeatureContribution(Output):
    """Contribution of one feature, in log-odds, with the client's value and the granted median."""

    feature: str
    label: str
    group: str
    contribution: float
    value: Value
    reference: Value
    unit: str


class ExplainResponse(ScoreResponse):
    """A score and why: ``base`` plus all contributions equals ``raw_score`` (log-odds)."""

    language: Language
    base: float = Field(description="mean raw score of the granted population, log-odds")
    raw_score: float = Field(description="the client's raw score before calibration, log-odds")
    weighs: list[Reason] = Field(max_length=4)
    favours: list[Reason] = Field(max_length=4)
    others: float = Field(description="sum of the contributions not shown as a reason")
    by_group: list[GroupContribution]
    by_feature: list[FeatureContribution] = Field(
        description="strongest first; a feature that contributes exactly nothing has no line"
    )
    cautions: list[str] = Field(description="what lowers confidence in this answer, in words")
