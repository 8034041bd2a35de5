"""Many clients at once: JSON, or an Arrow stream for thousands of rows a second."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scoring.contract.base import ClientId, DecidedBy, Input, Output, Probability, Verdict

MOST_CLIENTS = 5_000


class BatchRequest(Input):
    """Clients the store knows, each at most once useful; an Arrow stream has a column of them."""

    client_ids: Annotated[list[ClientId], Field(min_length=1, max_length=MOST_CLIENTS)]


class BatchRow(Output):
    """One client's score, committed as ``assessment_id``."""

    client_id: int
    assessment_id: str
    default_probability: Probability
    verdict: Verdict
    decided_by: DecidedBy
    points: int
    risk_band: str


class BatchResponse(Output):
    """The scores in the order asked, and the numbers nobody has."""

    model_tag: str
    cut_off: Probability
    rows: list[BatchRow]
    unknown: list[int]
