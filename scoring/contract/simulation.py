"""Simulation: what a change the client can make would change. Without commitment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from features.raw.tables import Language
from scoring.contract.base import (
    ClientId,
    DecidedBy,
    Input,
    Output,
    Probability,
    ReferCause,
    Verdict,
)

Amount = Annotated[float, Field(gt=0, le=1e9)]


class Changes(Input):
    """What a client can change; income only once proven."""

    amount_credit: Amount | None = None
    annuity: Amount | None = None
    goods_price: Amount | None = None
    income_total: Amount | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Changes:
        if not self.model_dump(exclude_none=True):
            msg = "change at least one item"
            raise ValueError(msg)
        return self


class SimulateRequest(Input):
    """A client the store knows, and the changes to try."""

    client_id: ClientId
    changes: Changes
    language: Language = "fr"


class Side(Output):
    """One side of a simulation. ``effort_rate`` is the annuity over the declared income."""

    amount_credit: float | None
    annuity: float | None
    effort_rate: float | None
    default_probability: Probability
    verdict: Verdict
    decided_by: DecidedBy
    rules: list[str] = Field(description="codes of the policy's rules that this side meets")
    rule_sentences: list[str] = Field(
        description="what those rules found, in words, the gravest first"
    )
    refer_causes: list[ReferCause]
    points: int
    risk_band: str


class Moved(Output):
    """An item whose contribution (log-odds) moved, with its figures in words on both sides."""

    item: str
    label: str
    before: float
    after: float
    before_text: str
    after_text: str


class SimulateResponse(Output):
    """Before, after, and the items that moved, strongest first."""

    simulation_id: str
    client_id: int
    simulated_at: datetime
    model_tag: str
    cut_off: Probability
    before: Side
    after: Side
    moved: list[Moved]
