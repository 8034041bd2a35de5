"""What an error costs: the one place where the price of a missed default is declared."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field


class CostOfError(BaseModel):
    """Price of each error, in units of one good client refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    missed_default: float = Field(default=10.0, gt=0)
    refused_good: float = Field(default=1.0, gt=0)

    @property
    def break_even(self) -> float:
        """Probability at which granting and refusing cost the same on average (1/11 for 10:1)."""
        return self.refused_good / (self.refused_good + self.missed_default)

    def expected(self, default: ArrayLike, refused: ArrayLike) -> float:
        """Mean cost per client of refusing where ``refused`` and granting elsewhere.

        ``default`` and ``refused`` are (n,) of 0/1; (10 missed defaults + refused good) / n. A
        part of a client may be refused (0.25), where equals are refused in equal parts.
        """
        defaulted = np.asarray(default, dtype=np.float64)
        declined = np.asarray(refused, dtype=np.float64)
        missed = defaulted @ (1.0 - declined)
        lost = (1.0 - defaulted) @ declined
        return float(self.missed_default * missed + self.refused_good * lost) / len(defaulted)

    def curve(
        self, default: ArrayLike, probability: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean cost at every possible cut-off: (k,) cut-offs, rising, and their (k,) costs.

        A client is refused when the probability is *above* the cut-off. The first cut-off, below
        every client, refuses all; the last refuses nobody. Ties move together.
        """
        p = np.asarray(probability, dtype=np.float64)
        order = np.argsort(p, kind="stable")
        ranked = p[order]
        defaulted = np.asarray(default, dtype=np.float64)[order]
        missed = np.concatenate(([0.0], np.cumsum(defaulted)))
        kept_good = np.concatenate(([0.0], np.cumsum(1.0 - defaulted)))
        cost = self.missed_default * missed + self.refused_good * (kept_good[-1] - kept_good)
        boundary = np.concatenate(([True], ranked[1:] > ranked[:-1], [True]))
        middle = (ranked[1:] + ranked[:-1]) / 2
        cut_offs = np.concatenate(([ranked[0] / 2], middle, [(ranked[-1] + 1) / 2]))
        return cut_offs[boundary], cost[boundary] / len(p)
