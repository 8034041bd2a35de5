"""Talk to the service from Python: typed, with retries that never record twice.

    with ScoringClient("http://127.0.0.1:3000", key) as scoring:
        answer = scoring.score(client_id=100002)

``AsyncScoringClient`` has the same methods, awaited. A call that may have been lost on the way
(no answer, 429, 503) is sent again with the same ``Idempotency-Key``: the service then gives its
first answer instead of recording a second one. Both have one method for each route.
"""

from scoring.client.awaiting import AsyncScoringClient
from scoring.client.blocking import ScoringClient
from scoring.client.errors import (
    RequestRefused,
    ScoringClientError,
    ServiceUnavailable,
    TooManyRequests,
)

__all__ = [
    "AsyncScoringClient",
    "RequestRefused",
    "ScoringClient",
    "ScoringClientError",
    "ServiceUnavailable",
    "TooManyRequests",
]
