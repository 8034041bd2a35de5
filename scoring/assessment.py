"""One answered scoring question, before it is worded or stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.contract import DecidedBy, ReferCause, Verdict


@dataclass(frozen=True)
class Assessment:
    """What a scorecard says of one application.

    ``values`` (k + c,) are the items it used and what facts read beside them, as
    ``scoring.intake`` makes them; ``None`` when the assessment is remembered without them.
    """

    raw_score: float
    default_probability: float
    cut_off: float
    grey_zone: tuple[float, float]
    verdict: Verdict
    decided_by: DecidedBy
    rules: tuple[str, ...]
    """Codes of the policy's rules that the application meets."""
    refer_causes: tuple[ReferCause, ...]
    points: int
    risk_band: str
    values: NDArray[np.float64] | None
    out_of_range: tuple[str, ...]
    unseen_categories: tuple[str, ...]

    def referred(self, cause: ReferCause) -> Assessment:
        """Return this assessment, sent to a person for one more cause."""
        if cause in self.refer_causes:
            return self
        return replace(self, verdict=Verdict.REFER, refer_causes=(*self.refer_causes, cause))
