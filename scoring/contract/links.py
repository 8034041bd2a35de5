"""Links given to clients, and what a client sees through one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from scoring.contract.assessments import Reason
from scoring.contract.base import (
    MAX_ID,
    ClientId,
    DecidedBy,
    Input,
    Output,
    Probability,
    Query,
    Verdict,
)
from scoring.contract.holdings import ClientResponse
from scoring.contract.records import Decided
from scoring.contract.requests import FiledRequest

LinkState = Literal["in force", "expired", "revoked"]


class LinkRequest(Input):
    """Whose link, and for how many days it opens."""

    client_id: ClientId
    days: Annotated[int, Field(ge=1, le=30)] = 7


class LinkResponse(Output):
    """A link. ``token`` is shown once: the client sends it as ``Authorization: Bearer``."""

    link_id: str
    client_id: int
    token: str
    expires_at: datetime


class LinksQuery(Query):
    """The links of one client."""

    client_id: Annotated[int, Field(ge=1, le=MAX_ID)]


class LinkLine(Output):
    """One link as listed, without its token."""

    link_id: str
    made_at: datetime
    made_by: str
    expires_at: datetime | None = Field(description="null once purged: it expired long ago")
    state: LinkState
    views: int = Field(description="how often the client looked")


class LinksResponse(Output):
    """The links of one client, oldest first."""

    links: list[LinkLine]


class Revoked(Output):
    """The link opens nothing any more."""

    link_id: str
    status: Literal["revoked"] = "revoked"


class OwnAssessment(Output):
    """The client's last assessment and the decision on it.

    What explains it is null when its input, or the scorecard or the policy that made it, is no
    longer held.
    """

    assessment_id: str
    assessed_at: datetime
    verdict: Verdict
    decided_by: DecidedBy
    default_probability: Probability
    cut_off: Probability
    points: int
    risk_band: str
    rule_sentences: list[str] | None = Field(
        description="what the policy's rules found, in words; what tells the client's age left out"
    )
    cautions: list[str] | None
    weighs: list[Reason] | None
    favours: list[Reason] | None
    decision: Decided | None
    decided_at: datetime | None
    motive: str | None


class ViewResponse(Output):
    """All that is held about the client who looks; the look itself is recorded."""

    client: ClientResponse
    assessment: OwnAssessment | None
    requests: list[FiledRequest]
    expires_at: datetime
