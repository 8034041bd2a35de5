"""Where the flows keep what they write, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRID = "scorecard:latest"


@dataclass(frozen=True, slots=True)
class Settings:
    """The folder that holds everything the product writes."""

    home: Path
    policy_file: Path | None = None
    """The policy in force; the product's own when not given."""
    model_tag: str = GRID
    """What the service serves: the grid, unless a lender asks for the reference."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read ``SCORING_HOME`` (the folder ``data`` beside the code) and what the service reads.

        That is ``SCORING_POLICY`` and ``SCORING_MODEL_TAG``.
        """
        named = environment.get("SCORING_POLICY")
        return cls(
            home=Path(environment.get("SCORING_HOME") or ROOT / "data").resolve(),
            policy_file=Path(named) if named else None,
            model_tag=environment.get("SCORING_MODEL_TAG") or GRID,
        )

    @property
    def runs(self) -> Path:
        """One folder a run: reports and figures."""
        return self.home / "runs"

    def environment(self) -> dict[str, str]:
        """Environment of the libraries: state under ``home``, nothing told to anybody."""
        return {
            "SCORING_HOME": str(self.home),
            "BENTOML_HOME": str(self.home / "bentoml"),
            "PREFECT_HOME": str(self.home / "prefect"),
            "BENTOML_DO_NOT_TRACK": "True",
            "DO_NOT_TRACK": "1",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GX_ANALYTICS_ENABLED": "False",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # a busy machine is slow
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
            "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        }
