"""One answered scoring question, before it is worded or stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.contract import ReferCause, Verdict

Row = dict[str, float | str | None]


@dataclass(frozen=True)
class Assessment:
    """What a scorecard says of one application. ``row`` holds the features it used."""

    raw_score: float
    default_probability: float
    cut_off: float
    grey_zone: tuple[float, float]
    verdict: Verdict
    refer_causes: tuple[ReferCause, ...]
    points: int
    risk_band: str
    row: Row
    matrix: NDArray[np.float32]
    out_of_range: tuple[str, ...]
    unseen_categories: tuple[str, ...]

    def referred(self, cause: ReferCause) -> Assessment:
        """Return this assessment, sent to a person for one more cause."""
        if cause in self.refer_causes:
            return self
        return replace(self, verdict=Verdict.REFER, refer_causes=(*self.refer_causes, cause))
