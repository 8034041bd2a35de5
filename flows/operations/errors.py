"""The errors a person can act on: shown as one message, without a trace."""

from __future__ import annotations

from expectations.errors import ExpectationsError
from features.errors import DataError
from flows.operations.lock import AlreadyRunning
from flows.operations.processes import PortTaken, ProcessFailed
from portfolio.errors import PortfolioError
from scoring.errors import ScoringError
from storage.errors import StorageError

EXPECTED: tuple[type[Exception], ...] = (
    AlreadyRunning,
    DataError,
    ExpectationsError,
    PortfolioError,
    PortTaken,
    ProcessFailed,
    ScoringError,
    StorageError,
)
