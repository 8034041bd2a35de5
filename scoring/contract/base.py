"""What every model of the contract shares: strictness, and the words with a fixed list."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

MAX_ID = 2**53 - 1
"""Largest client number: every JSON reader holds it exactly."""

RECORD_ID = r"^[a-z]{3}_[0-9a-f]{24}$"
"""How the id of a record is written: its kind, then time and random bits."""


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
    POLICY = "POLICY"


class DecidedBy(StrEnum):
    """What a proposal rests on: the rules that the lender signed, or the scorecard."""

    POLICY = "policy"
    SCORECARD = "scorecard"


class Input(BaseModel):
    """What a caller sends: read strictly, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Query(BaseModel):
    """Parameters after the question mark: words, read as the numbers they spell."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class Output(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ClientId = Annotated[int, Field(ge=1, le=MAX_ID, examples=[100002])]
Probability = Annotated[float, Field(ge=0, le=1)]
_TWO_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
Interval = Annotated[tuple[float, float], WithJsonSchema(_TWO_NUMBERS)]
"""Two numbers, described without ``prefixItems``, which many readers of OpenAPI do not know."""
Value = float | int | str | None
