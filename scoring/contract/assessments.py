"""Score and explain: what is asked and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from features.raw.tables import Language
from scoring.contract.application import Application
from scoring.contract.base import (
    ClientId,
    DecidedBy,
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
    language: Language = Field(default="fr", description="of the words in the answer")

    @model_validator(mode="after")
    def _names_somebody(self) -> ScoreRequest:
        if self.client_id is None and self.application is None:
            msg = "give client_id, application, or both"
            raise ValueError(msg)
        return self


class ExplainRequest(ScoreRequest):
    """A score request, and how much of the explanation to give."""

    detail: Literal["reasons", "items"] = Field(
        default="reasons", description="reasons alone, or every item of the scorecard too"
    )


class ScoreResponse(Output):
    """The scorecard's answer, committed as ``assessment_id`` before being given."""

    assessment_id: str
    client_id: int | None
    assessed_at: datetime
    model_tag: str
    policy: str = Field(description="version and short hash of the policy file in force")
    default_probability: Probability
    cut_off: Probability
    verdict: Verdict
    decided_by: DecidedBy = Field(
        description="what decided the verdict: a rule of the policy or not"
    )
    rules: list[str] = Field(description="codes of the policy's rules that this application meets")
    rule_sentences: list[str] = Field(
        description="what those rules found in this application, in words, the gravest first"
    )
    refer_causes: list[ReferCause]
    grey_zone: Interval = Field(description="probabilities between these two are REFER")
    points: int
    risk_band: str
    cautions: list[str] = Field(
        description="what else lowers confidence in this answer, in words, the gravest first"
    )


class Figured(Output):
    """An item with the client's figure and the granted clients' usual one."""

    item: str
    label: str
    contribution: float = Field(description="log-odds; positive weighs, negative is in favour")
    value: Value
    usual: Value = Field(description="median or most frequent word of the granted clients")
    unit: str = Field(description="how the figure is said: amount, percent, since_days, word ...")
    value_text: str
    usual_text: str


class Reason(Figured):
    """A fact of this client's own data that moves the score.

    ``contribution`` is that of all the items of its subject, which say the same thing, and of other
    subjects that come to the same sentence; ``item`` is the strongest of them.
    """

    subject: str
    subject_label: str
    sentence: str
    comparison: str


class ItemContribution(Figured):
    """What one item adds to the log-odds, measured from the granted clients' average."""


class ExplainResponse(ScoreResponse):
    """A score and why: ``base`` plus all contributions equals ``raw_score`` (log-odds)."""

    language: Language
    base: float = Field(description="mean raw score of the granted population, log-odds")
    raw_score: float = Field(description="the client's raw score before calibration, log-odds")
    weighs: list[Reason] = Field(max_length=4)
    favours: list[Reason] = Field(max_length=4)
    others: float = Field(description="sum of the contributions not shown as a reason")
    others_share: Probability = Field(
        description="that sum beside the reasons: |others| / (|others| + sum of |reasons|)"
    )
    items: list[ItemContribution] | None = Field(
        description="every item, strongest first; null unless asked for by ``detail``"
    )
