"""The HTTP contract, typed once: what the service accepts and answers.

The service validates with these models, the OpenAPI document is generated from them, and the
app and other callers read their answers with them. Input models are strict: unknown fields,
numbers in strings, booleans for numbers, NaN and infinities are refused.

Probabilities are shares in [0, 1]; contributions are in log-odds; times are UTC; amounts are in
the lender's currency (a setting of the screen, not of the contract).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from features.tables import APPLICATIONS, Column, Language

MAX_ID = 2**53 - 1
"""Largest client number: every JSON reader holds it exactly."""


class Verdict(StrEnum):
    """What the scorecard proposes; the decision is the advisor's."""

    GRANT = "GRANT"
    REFER = "REFER"
    DECLINE = "DECLINE"


class ReferCause(StrEnum):
    """Why an application is to be studied by a person."""

    GREY_ZONE = "GREY_ZONE"
    THIN_FILE = "THIN_FILE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    NO_EXTERNAL_SCORE = "NO_EXTERNAL_SCORE"
    STOPPED = "STOPPED"


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class _Query(BaseModel):
    """Parameters after the question mark: words, read as the numbers they spell."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class _Output(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


ClientId = Annotated[int, Field(ge=1, le=MAX_ID, examples=[100002])]

_POSITIVE = {"income_total", "amount_credit"}
_LIMITS: dict[str, dict[str, float]] = {
    "amount": {"ge": 0, "le": 1e9},
    "share": {"ge": 0, "le": 1},
    "score": {"ge": 0, "le": 1},
    "index": {"ge": 0, "le": 1},
    "count": {"ge": 0, "le": 1000},
    "years": {"ge": 0, "le": 120},
    "hour": {"ge": 0, "le": 23},
    "rating": {"ge": 1, "le": 3},
    "days": {"ge": -40_000, "le": 0},
}
REQUIRED = ("contract_type", "income_total", "amount_credit", "annuity", "birth_days")
"""Without these an application cannot be scored; every other item may be missing."""


def _field(column: Column) -> tuple[Any, Any]:
    limits: dict[str, float] = dict(_LIMITS.get(column.unit, {}))
    if column.name in _POSITIVE:
        limits = {"gt": 0, "le": 1e9}
    kind: Any = {"integer": int, "number": float, "flag": int, "category": str}[column.kind]
    if column.kind == "flag":
        limits = {"ge": 0, "le": 1}
    words = column.label.en
    if column.kind == "category":
        known = ", ".join(column.categories[:8])
        more = " ..." if len(column.categories) > 8 else ""
        words += f" ({known}{more}; another word is taken as missing)"
        return (
            Annotated[str, Field(max_length=80, description=words)] | None,
            ... if column.name in REQUIRED else None,
        )
    described = Annotated[kind, Field(description=words, **limits)]
    if column.name in REQUIRED:
        return (described, ...)
    return (described | None, None)


_FIELDS: dict[str, Any] = {
    column.name: _field(column)
    for column in APPLICATIONS.columns
    if column.kind not in {"id", "target"}
}

Application: type[BaseModel] = create_model(
    "Application",
    __base__=_Input,
    __doc__="A credit application as declared: plain names; an absent or null item is missing.",
    **_FIELDS,
)


class ScoreRequest(_Input):
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


class ScoreResponse(_Output):
    """The scorecard's answer, committed as ``assessment_id`` before being given."""

    assessment_id: str
    client_id: int | None
    assessed_at: datetime
    model_tag: str
    default_probability: float = Field(ge=0, le=1)
    cut_off: float = Field(ge=0, le=1)
    verdict: Verdict
    refer_causes: list[ReferCause]
    grey_zone: tuple[float, float] = Field(description="probabilities between these two are REFER")
    points: int
    risk_band: str


Value = float | int | str | None


class Reason(_Output):
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


class GroupContribution(_Output):
    """Sum of the contributions of a group of related features, in log-odds."""

    group: str
    label: str
    contribution: float


class FeatureContribution(_Output):
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
    by_feature: list[FeatureContribution]
    cautions: list[str] = Field(description="what lowers confidence in this answer, in words")


class Item(_Output):
    """One thing held about a client."""

    name: str
    label: str
    value: Value
    unit: str


class Section(_Output):
    """Things held that belong together, with where they come from."""

    name: str
    label: str
    origin: str
    items: list[Item]


class ClientResponse(_Output):
    """Everything held about one client."""

    client_id: int
    received_at: datetime
    language: Language
    sections: list[Section]


class ModelCard(_Output):
    """The served scorecard."""

    model_tag: str
    trained_at: datetime
    feature_version: str
    data_fingerprint: str
    features: int
    cut_off: float
    grey_zone: tuple[float, float]
    metrics: dict[str, float]
    files: dict[str, str] = Field(description="file name -> SHA-256")


class FieldError(_Output):
    """One refused field and the remedy. Never the refused value."""

    field: str
    message: str


class ErrorBody(_Output):
    """What went wrong, for a program (code) and for a person (message)."""

    code: str
    message: str
    fields: list[FieldError] = []


class ErrorResponse(_Output):
    """The one shape of every error."""

    error: ErrorBody


class SessionRequest(_Input):
    """A person's name and password."""

    name: str = Field(min_length=1, max_length=80)
    password: str = Field(min_length=1, max_length=200)


class SessionResponse(_Output):
    """A login: send ``token`` as ``Authorization: Bearer``; it ends at ``expires_at``."""

    token: str
    role: str
    expires_at: datetime


class Ended(_Output):
    """The session is over."""

    status: Literal["ended"] = "ended"


class LanguageQuery(_Query):
    """The language of the words."""

    language: Language = "fr"


class Health(_Output):
    """Alive or ready."""

    status: Literal["ok"]
