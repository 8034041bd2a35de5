"""How the service runs, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring.contract.currency import CURRENCY
from storage.settings import StorageSettings, home_of


@dataclass(frozen=True, slots=True)
class Settings:
    """Which scorecard is served, by how many workers, within which limits."""

    storage: StorageSettings
    pace_file: Path
    """Where the workers of this machine share how often each caller asked; failed logins beside."""
    model_tag: str = "scorecard:latest"
    workers: int = 2
    requests_per_second: float = 10_000.0
    """A caller's steady limit, all workers of a machine together; twice as many at once."""
    succession_every_s: float = 5.0
    """How often a worker looks for a newly promoted scorecard."""
    access_log: bool = False
    traces: str = ""
    """Where OpenTelemetry's spans go: nowhere, ``console`` or a collector's address."""
    policy_file: Path | None = None
    """The policy in force; the product's own when not given."""
    currency: str = CURRENCY
    """Of the amounts in sentences: a key of ``CURRENCIES``, or a sign of the lender's own."""

    @property
    def logins_file(self) -> Path:
        """Where the workers of this machine share how often logins failed."""
        return self.pace_file.with_name("logins")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables named ``SCORING_...``; each has a default.

        Raises ``ValueError``, by the variable's name, for what is no number above zero.
        """
        return cls(
            storage=StorageSettings.from_environment(environment),
            pace_file=home_of(environment) / "pace",
            model_tag=environment.get("SCORING_MODEL_TAG") or "scorecard:latest",
            workers=int(_number(environment, "SCORING_WORKERS", 2, r"[1-9]\d{0,2}")),
            requests_per_second=_number(environment, "SCORING_RATE_LIMIT", 10_000),
            succession_every_s=_number(environment, "SCORING_SUCCESSION_S", 5),
            access_log=environment.get("SCORING_ACCESS_LOG") == "1",
            traces=environment.get("SCORING_TRACES") or "",
            policy_file=Path(named) if (named := environment.get("SCORING_POLICY")) else None,
            currency=environment.get("SCORING_CURRENCY") or CURRENCY,
        )


def _number(
    environment: Mapping[str, str], name: str, default: float, form: str = r"\d{1,9}(\.\d+)?"
) -> float:
    written = environment.get(name) or str(default)
    if not re.fullmatch(form, written) or float(written) == 0:
        msg = f"{name} is no number that can be used: give one above zero."
        raise ValueError(msg)
    return float(written)
