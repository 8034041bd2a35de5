"""The HTTP contract, typed once: what the service accepts and answers.

The service validates with these models, the OpenAPI document is generated from them, and the
app and other callers read their answers with them. Input models are strict: unknown fields,
numbers in strings, booleans for numbers, NaN and infinities are refused.

Probabilities are shares in [0, 1]; contributions are in log-odds; times are UTC; amounts are in
the lender's currency (a setting of the screen, not of the contract).
"""

from features.tables import Language
from scoring.contract.application import (
    REQUIRED,
    Application,
)
from scoring.contract.assessments import (
    ExplainRequest,
    ExplainResponse,
    FeatureContribution,
    GroupContribution,
    Reason,
    ScoreRequest,
    ScoreResponse,
)
from scoring.contract.base import (
    MAX_ID,
    RECORD_ID,
    ClientId,
    Input,
    Output,
    Probability,
    Query,
    ReferCause,
    Value,
    Verdict,
)
from scoring.contract.batch import MOST_CLIENTS, BatchRequest, BatchResponse, BatchRow
from scoring.contract.comparison import CompareRequest, CompareResponse, Standing
from scoring.contract.holdings import (
    ClientLine,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    ExportQuery,
    Item,
    LanguageQuery,
    Section,
)
from scoring.contract.links import (
    LinkLine,
    LinkRequest,
    LinkResponse,
    LinksQuery,
    LinksResponse,
    OwnAssessment,
    Revoked,
    ViewResponse,
)
from scoring.contract.records import (
    AssessmentResponse,
    Decided,
    DecisionRequest,
    DecisionResponse,
    Numbers,
    OutcomeRequest,
    OutcomeResponse,
    ReplayResponse,
)
from scoring.contract.recourse import RecourseLever, RecourseRequest, RecourseResponse
from scoring.contract.requests import (
    FiledRequest,
    FileRequest,
    FollowUp,
    FollowUpRequest,
    OwnRequest,
    RequestsQuery,
    RequestsResponse,
)
from scoring.contract.simulation import (
    Changes,
    Moved,
    Side,
    SimulateRequest,
    SimulateResponse,
)
from scoring.contract.system import (
    Ended,
    ErrorBody,
    ErrorResponse,
    FieldError,
    Health,
    ModelCard,
    SessionRequest,
    SessionResponse,
)

__all__ = [
    "MAX_ID",
    "MOST_CLIENTS",
    "RECORD_ID",
    "REQUIRED",
    "Application",
    "AssessmentResponse",
    "BatchRequest",
    "BatchResponse",
    "BatchRow",
    "Changes",
    "ClientId",
    "ClientLine",
    "ClientResponse",
    "ClientsQuery",
    "ClientsResponse",
    "CompareRequest",
    "CompareResponse",
    "Decided",
    "DecisionRequest",
    "DecisionResponse",
    "Ended",
    "ErrorBody",
    "ErrorResponse",
    "ExplainRequest",
    "ExplainResponse",
    "ExportQuery",
    "FeatureContribution",
    "FieldError",
    "FileRequest",
    "FiledRequest",
    "FollowUp",
    "FollowUpRequest",
    "GroupContribution",
    "Health",
    "Input",
    "Item",
    "Language",
    "LanguageQuery",
    "LinkLine",
    "LinkRequest",
    "LinkResponse",
    "LinksQuery",
    "LinksResponse",
    "ModelCard",
    "Moved",
    "Numbers",
    "OutcomeRequest",
    "OutcomeResponse",
    "Output",
    "OwnAssessment",
    "OwnRequest",
    "Probability",
    "Query",
    "Reason",
    "RecourseLever",
    "RecourseRequest",
    "RecourseResponse",
    "ReferCause",
    "ReplayResponse",
    "RequestsQuery",
    "RequestsResponse",
    "Revoked",
    "ScoreRequest",
    "ScoreResponse",
    "Section",
    "SessionRequest",
    "SessionResponse",
    "Side",
    "SimulateRequest",
    "SimulateResponse",
    "Standing",
    "Value",
    "Verdict",
    "ViewResponse",
]
