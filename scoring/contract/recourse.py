"""Recourse: what would turn the verdict, by changing only what a client can change.

Amounts are in the lender's currency, instalments are monthly. What is said is rounded as it is
written: the ``changes`` of an offer, sent back to ``/simulate``, give exactly the verdict GRANT.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

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
from scoring.contract.simulation import Changes

LeverName = Literal[
    "smaller_credit", "larger_down_payment", "smaller_credit_shorter_term",
    "longer_term", "shorter_term",
]  # fmt: skip
"""A smaller credit over the same term for cheaper goods; the same goods with a larger down payment;
a smaller credit with the instalment kept; the same credit over a longer or a shorter term."""


class RecourseRequest(Input):
    """A client the store knows, and the language of the words."""

    client_id: ClientId
    language: Language = "fr"


class RecourseOffer(Output):
    """One request that would be granted, with all its conditions."""

    changes: Changes = Field(description="complete: send it to /simulate to see it granted")
    term_months: float = Field(description="amount over instalment, months without interest")
    down_payment: float | None = Field(
        description="price of the goods less the amount, 0 at least; null without goods"
    )
    default_probability: Probability


class RecourseLever(Output):
    """A range of one lever: every commercial step from ``first`` to ``last`` would be granted."""

    name: LeverName
    sentence: str
    first: RecourseOffer = Field(description="the end nearest to what was asked")
    last: RecourseOffer = Field(description="the other end")
    steps: int = Field(ge=1, description="commercial steps in the range, both ends counted")
    capped: bool = Field(
        description="true when the range ends where the search stopped, not where it is refused"
    )


class RecourseLargest(Output):
    """The largest amount that would be granted over the same term, with its conditions."""

    sentence: str
    offer: RecourseOffer
    capped: bool = Field(description="true when the search stopped there: more may be granted")


class RecourseEvenIf(Output):
    """How far one item of a granted request may move with the verdict unchanged."""

    item: Literal["amount_credit", "annuity", "income_total"]
    sentence: str
    held: float = Field(description="the item's value now")
    until: float = Field(description="the furthest value at which the verdict is still GRANT")
    changes: Changes = Field(description="the whole change: what moves with the item is in it")
    default_probability: Probability = Field(description="at ``until``")
    capped: bool = Field(description="true when the search stopped there")


class RecourseEasing(Output):
    """An item whose weight falls as time passes, everything else unchanged."""

    item: str
    label: str
    sentence: str
    months: int = Field(ge=1, le=24, description="from now until it weighs less")


class RecourseWithTime(Output):
    """What time alone would change, where no lever does: counts of days and months move on."""

    granted_in_months: int | None = Field(
        ge=1, le=24, description="first month at which the verdict would be GRANT; null if none"
    )
    sentence: str
    easing: list[RecourseEasing]


class RecourseResponse(Output):
    """What would turn the verdict, until when it holds, and what no change of the request can."""

    recourse_id: str
    client_id: int
    found_at: datetime
    model_tag: str
    policy: str = Field(description="version and short hash of the policy file in force")
    verdict: Verdict
    decided_by: DecidedBy
    sentence: str = Field(description="the whole in one sentence")
    levers: list[RecourseLever] = Field(description="the least change of the request first")
    largest: RecourseLargest | None
    even_if: list[RecourseEvenIf] = Field(description="for a granted request; empty otherwise")
    holds_until: date | None = Field(
        description="last day (UTC), 30 days ahead at most, on which all that is said holds, "
        "the client's history staying as it is; null when nothing is offered"
    )
    with_time: RecourseWithTime | None
    beyond_reach: list[ReferCause] = Field(
        description="causes of study by a person that no change of the request removes"
    )
    rules_beyond_reach: list[str] = Field(
        description="codes of the policy's rules that no change of the request escapes"
    )
    language: Language
