"""Recourse: what would turn the verdict, by changing only what a client can change."""

from __future__ import annotations

from datetime import datetime

from features.tables import Language
from scoring.contract.base import ClientId, Input, Output, Probability, ReferCause, Verdict


class RecourseRequest(Input):
    """A client the store knows, and the language of the words."""

    client_id: ClientId
    language: Language = "fr"


class RecourseLever(Output):
    """One change that turns the verdict into GRANT: new values of items of the application."""

    name: str
    sentence: str
    changes: dict[str, float]
    default_probability: Probability


class RecourseResponse(Output):
    """What would turn the verdict; ``beyond_reach`` is what no change of the request can."""

    recourse_id: str
    client_id: int
    found_at: datetime
    model_tag: str
    verdict: Verdict
    sentence: str
    levers: list[RecourseLever]
    largest_amount: float | None
    beyond_reach: list[ReferCause]
    language: Language
