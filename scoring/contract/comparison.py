"""Where a client stands among all, granted or similar clients; by aggregates only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from features.raw.tables import Language
from scoring.contract.base import ClientId, Input, Output, Probability, Value

FeatureName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,79}$", examples=["income_total"])]


class CompareRequest(Input):
    """A client, a group and what to compare; without ``features``, what can be compared at all.

    Similar clients asked for the same kind of contract and declare an income of the same fifth.
    """

    client_id: ClientId
    group: Literal["all", "granted", "similar"] = Field(default="granted", alias="with")
    features: list[FeatureName] = Field(default_factory=list, max_length=40)
    language: Language = "fr"


class Standing(Output):
    """One feature: the client's value and how the group's values are spread."""

    feature: str
    label: str
    unit: str
    value: Value
    share_below: Probability | None = Field(description="share of the group below the client")
    missing_share: Probability
    quantiles: list[float] = Field(description="0 %, 5 % ... 100 % of the group")


class CompareResponse(Output):
    """Where the client stands in a group of at least twenty."""

    client_id: int
    group: Literal["all", "granted", "similar"]
    clients: int
    default_rate: Probability
    language: Language
    standings: list[Standing]
    not_shown: list[str] = Field(description="asked for, and not known for twenty clients")
