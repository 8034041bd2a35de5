"""How the service runs, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.settings import StorageSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """Which scorecard is served, by how many workers, within which limits."""

    storage: StorageSettings
    model_tag: str = "scorecard:latest"
    workers: int = 2
    requests_per_second: float = 5_000.0
    """A caller's steady limit, for each worker; twice as many at once."""
    succession_every_s: float = 5.0
    """How often a worker looks for a newly promoted scorecard."""
    access_log: bool = False
    stopped: bool = False
    """The stop switch: every verdict becomes REFER."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables named ``SCORING_...``; each has a default."""
        return cls(
            storage=StorageSettings.from_environment(environment),
            model_tag=environment.get("SCORING_MODEL_TAG") or "scorecard:latest",
            workers=int(environment.get("SCORING_WORKERS") or 2),
            requests_per_second=float(environment.get("SCORING_RATE_LIMIT") or 5_000),
            succession_every_s=float(environment.get("SCORING_SUCCESSION_S") or 5),
            access_log=environment.get("SCORING_ACCESS_LOG") == "1",
            stopped=environment.get("SCORING_STOPPED") == "1",
        )
