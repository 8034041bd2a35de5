"""Requests of clients about their data: filed, followed to closure, and how they are closed.

GDPR articles 16 (rectification), 21 (objection) and 22 (review by a person); article 12(3) gives
one month for an answer.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from scoring.contract.application import must_be_value_of
from scoring.contract.base import MAX_ID, ClientId, Input, Output, Query, Value
from scoring.contract.records import Motive, RecordId

RequestKind = Literal["rectification", "review", "objection"]
RequestOutcome = Literal["accepted", "refused", "answered"]
RequestState = Literal["open", "accepted", "refused", "answered"]
ItemName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,79}$", examples=["income_total"])]
Proposed = float | int | Annotated[str, Field(max_length=80)] | None


class OwnRequest(Input):
    """What a client asks: an item corrected, an assessment studied by a person, or an objection.

    A rectification names an ``item`` of the application and its right ``value`` (null: not
    known); a review names the ``assessment_id``. What comes from a credit bureau is corrected at
    its source: object to it.
    """

    kind: RequestKind
    motive: Motive = Field(description="what is wrong or asked for, in the client's words")
    item: ItemName | None = None
    value: Proposed = None
    assessment_id: RecordId | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> OwnRequest:
        if self.kind == "rectification":
            if self.item is None or "value" not in self.model_fields_set:
                msg = "a rectification needs item and value"
                raise ValueError(msg)
            must_be_value_of(self.item, self.value)
        elif self.item is not None or self.value is not None:
            msg = "item and value belong to a rectification"
            raise ValueError(msg)
        if self.kind == "review" and self.assessment_id is None:
            msg = "a review names the assessment: give assessment_id"
            raise ValueError(msg)
        return self


class FileRequest(OwnRequest):
    """A client's request, filed on the client's behalf."""

    client_id: ClientId


class FollowUpRequest(Input):
    """How a request ends. Refusing and answering need words; accepting a rectification does it."""

    outcome: RequestOutcome
    motive: Motive | None = None

    @model_validator(mode="after")
    def _says_why(self) -> FollowUpRequest:
        if self.outcome != "accepted" and self.motive is None:
            msg = "motive is required to refuse or to answer"
            raise ValueError(msg)
        return self


class FollowUp(Output):
    """How a request ended, who ended it and when."""

    outcome: RequestOutcome
    motive: str | None
    closed_at: datetime
    closed_by: str | None = Field(description="null in the client's own view")
    role: str


class FiledRequest(Output):
    """A request as recorded, and how it ended. Its words are null once purged."""

    request_id: str
    sequence: int | None = Field(description="its place in the list; null when just filed")
    client_id: int
    kind: RequestKind | None
    state: RequestState
    filed_at: datetime
    due_on: date = Field(description="one month after, the day an answer is due (GDPR 12(3))")
    filed_by: str | None = Field(description="null in the client's own view")
    role: str
    item: str | None
    held: Value = Field(description="what was held for the item when the request was filed")
    value: Value
    assessment_id: str | None
    motive: str | None
    follow_up: FollowUp | None


class RequestsQuery(Query):
    """A page of requests, oldest first; ``after`` is the cursor."""

    after: Annotated[int, Field(ge=0, le=MAX_ID)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    client_id: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    state: RequestState | None = None


class RequestsResponse(Output):
    """A page of requests; ask again with ``after`` = ``next`` until it is null."""

    requests: list[FiledRequest]
    next: int | None
