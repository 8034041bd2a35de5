"""The service itself: the served scorecard, sessions, health, errors."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from scoring.contract.base import Input, Interval, Output


class ModelCard(Output):
    """The served scorecard."""

    model_tag: str
    trained_at: datetime
    feature_version: str
    data_fingerprint: str
    items: int = Field(description="how many it reads")
    cut_off: float
    grey_zone: Interval
    metrics: dict[str, float]
    files: dict[str, str] = Field(description="file name -> SHA-256")
    fairness_gate: Literal["passed", "blocked", "uncomputed", "unknown"] = "unknown"
    warnings: list[str] = Field(default_factory=list, description="what a watcher should know")


class SessionRequest(Input):
    """A person's name and password."""

    name: str = Field(min_length=1, max_length=80)
    password: str = Field(min_length=1, max_length=200)


class SessionResponse(Output):
    """A login: send ``token`` as ``Authorization: Bearer``; it ends at ``expires_at``."""

    token: str
    role: str
    expires_at: datetime


class Ended(Output):
    """The session is over."""

    status: Literal["ended"] = "ended"


class FieldError(Output):
    """One refused field and the remedy. Never the refused value."""

    field: str
    message: str


class ErrorBody(Output):
    """What went wrong, for a program (code) and for a person (message)."""

    code: str
    message: str
    fields: list[FieldError] = Field(default_factory=list)


class ErrorResponse(Output):
    """The one shape of every error."""

    error: ErrorBody


class Health(Output):
    """Alive or ready."""

    status: Literal["ok"]
    warnings: list[str] = Field(default_factory=list, description="ready all the same")
