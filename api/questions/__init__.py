"""The model's questions: what is asked of it, answered by the domain and recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel

from api.questions.assessment import explain, score
from api.questions.batch import score_batch
from api.questions.comparison import compare
from api.questions.recourse import recourse
from api.questions.simulation import simulate
from scoring import contract

__all__ = [
    "QUESTIONS",
    "Question",
    "compare",
    "explain",
    "recourse",
    "score",
    "score_batch",
    "simulate",
]


class Question(NamedTuple):
    """One of the methods of ``service.Scoring``, as the document describes it."""

    request: type[BaseModel]
    answer: type[BaseModel]
    summary: str


QUESTIONS: Mapping[str, Question] = {
    "score": Question(
        contract.ScoreRequest,
        contract.ScoreResponse,
        "Probability of default, verdict and assessment id of a client or an application.",
    ),
    "explain": Question(
        contract.ExplainRequest,
        contract.ExplainResponse,
        "The same as /score, and why: facts on both sides, and every item where asked for.",
    ),
    "simulate": Question(
        contract.SimulateRequest,
        contract.SimulateResponse,
        "What changes the client can make would change, without commitment.",
    ),
    "recourse": Question(
        contract.RecourseRequest,
        contract.RecourseResponse,
        "What would turn the verdict, and the largest amount that would be granted.",
    ),
    "compare": Question(
        contract.CompareRequest,
        contract.CompareResponse,
        "Where a client stands among all, granted or similar clients.",
    ),
    "score_batch": Question(
        contract.BatchRequest,
        contract.BatchResponse,
        "Many clients at once, answered as JSON or, by ``Accept``, as an Arrow stream.",
    ),
}
"""What the document says of the service's methods; a test holds both together."""
