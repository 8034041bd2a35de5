"""The service itself: the served scorecard, sessions, health, errors."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from scoring.contract.base import Input, Interval, Output
from scoring.contract.records import Motive


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


class ProblemItem(Output):
    """One refused part of a request and the remedy. Never the refused value."""

    pointer: str = Field(
        description="JSON Pointer into the body, empty for the whole; for a parameter, its name"
    )
    code: str = Field(description="for a program: required, wrong_type, out_of_limits ...")
    message: str = Field(description="for a person: what to send instead")


class Problem(Output):
    """What went wrong, as RFC 9457 has it (``application/problem+json``): the shape of errors."""

    type: str = Field(description="address at which this kind of problem is described")
    title: str = Field(description="the kind of problem in words, always the same")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what went wrong this time, and what to do next")
    code: str = Field(description="the kind of problem, for a program")
    errors: list[ProblemItem] = Field(
        default_factory=list, description="each refused part of the request, one a cause"
    )


class Health(Output):
    """Alive or ready."""

    status: Literal["ok"]
    warnings: list[str] = Field(default_factory=list, description="ready all the same")


class StopRequest(Input):
    """Turn the stop switch: while it is on, every proposal is to be studied by a person."""

    stopped: bool = Field(description="true suspends proposals, false takes them up again")
    motive: Motive = Field(description="why, in words that are recorded")


class StopState(Output):
    """How the stop switch stands, and who turned it last; null when nobody ever did."""

    stopped: bool = Field(description="whether every proposal is to be studied by a person")
    motive: str | None = Field(description="why it was turned")
    turned_at: datetime | None = Field(description="when, UTC")
    turned_by: str | None = Field(description="who, as recorded")
    role: str | None = Field(description="in which role")
