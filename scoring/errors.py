"""What scoring refuses, and what to do next.

ScoringError
├── ModelRejected         a scorecard that may not serve: damaged, changed or made elsewhere
├── InvalidRecipe         a file that does not say how to learn a scorecard
└── TrainingRefused       data no scorecard should be learnt from
    ├── TooFewClients
    └── SingleClass
"""

from __future__ import annotations

from pathlib import Path

MINIMUM_CLIENTS = 200
MINIMUM_OF_A_CLASS = 20


class ScoringError(Exception):
    """Root of what this package raises; its text says what to do next."""


class ModelRejected(ScoringError):
    """The scorecard's files are not what its manifest says, or do not fit this code."""


class InvalidRecipe(ScoringError):
    """The file is not a recipe: absent, not JSON, an unknown or impossible entry."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file.name} is not a recipe. Give --recipe the file that "
            "`python -m flows.search --data ARCHIVE` writes, or leave it out."
        )


class TrainingRefused(ScoringError):
    """The labelled clients cannot teach a scorecard."""


class TooFewClients(TrainingRefused):
    """Too few labelled clients, or too few of them with (or without) a default."""

    def __init__(self, clients: int, defaults: int) -> None:
        super().__init__(
            f"{clients} labelled clients with {defaults} defaults: a scorecard needs at least "
            f"{MINIMUM_CLIENTS} labelled clients, {MINIMUM_OF_A_CLASS} of them with a default and "
            f"{MINIMUM_OF_A_CLASS} without. Add labelled clients to the archive and train again."
        )


class SingleClass(TrainingRefused):
    """All labelled clients ended the same way."""

    def __init__(self, clients: int) -> None:
        super().__init__(
            f"The {clients} labelled clients all have the same outcome, so nothing tells defaults "
            "from good loans. Give an archive with both outcomes in the target column."
        )
