"""How the service runs, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.settings import ROOT, StorageSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """Which scorecard is served, by how many workers, within which limits."""

    storage: StorageSettings
    pace_file: Path
    """Where the workers of this machine share how often each caller asked."""
    model_tag: str = "scorecard:latest"
    workers: int = 2
    requests_per_second: float = 10_000.0
    """A caller's steady limit, all workers of a machine together; twice as many at once."""
    succession_every_s: float = 5.0
    """How often a worker looks for a newly promoted scorecard."""
    access_log: bool = False
    traces: str = ""
    """Where OpenTelemetry's spans go: nowhere, ``console`` or a collector's address."""
    stopped: bool = False
    """The stop switch: every verdict becomes REFER."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables named ``SCORING_...``; each has a default."""
        return cls(
            storage=StorageSettings.from_environment(environment),
            pace_file=Path(environment.get("SCORING_HOME") or ROOT / "data").resolve() / "pace",
            model_tag=environment.get("SCORING_MODEL_TAG") or "scorecard:latest",
            workers=int(environment.get("SCORING_WORKERS") or 2),
            requests_per_second=float(environment.get("SCORING_RATE_LIMIT") or 10_000),
            succession_every_s=float(environment.get("SCORING_SUCCESSION_S") or 5),
            access_log=environment.get("SCORING_ACCESS_LOG") == "1",
            traces=environment.get("SCORING_TRACES") or "",
            stopped=environment.get("SCORING_STOPPED") == "1",
        )
