"""The clients of one block: who they are and the random streams their tables are drawn from.

A block holds a fixed number of clients whatever the size of the portfolio; every (seed, population,
block, table) has its own counter-based stream, so a table can be made alone, in any order, in any
process, and comes out the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from scipy.special import ndtr

from portfolio.copula import factor
from portfolio.marginals import Codes, Floats
from portfolio.parameters import Parameters

FIRST_CLIENT = 100_001
MOST_ROWS = 60  # of one history per client
ROWS_OF_BLOCK = 60_000
MIXED_BUILDINGS = 0.3
BLOCK = 1_000  # clients drawn together; part of what a seed means
_FACTORS: dict[int, Floats] = {}


@dataclass(frozen=True)
class People:
    """One block of clients, all labelled or all unlabelled."""

    parameters: Parameters
    seed: int
    labelled: bool
    block: int
    size: int
    rank: int  # of the block in the whole portfolio, labelled blocks first

    @property
    def ids(self) -> Codes:
        """Client identifiers, rising."""
        first = FIRST_CLIENT + self.rank * BLOCK
        return np.arange(first, first + self.size, dtype=np.int64)

    def row_ids(self, first: int, count: int) -> Codes:
        """Identifiers of ``count`` history rows: blocks never share one."""
        start = first + self.rank * ROWS_OF_BLOCK
        return np.arange(start, start + count, dtype=np.int64)

    def count(self, name: str) -> Codes:
        """How many rows of a history each client has (``bureau_count``, ``previous_count``)."""
        fitted = self.parameters.tables["clients"][name]
        drawn = fitted.draw(ndtr(self.latents[name]), {}, self.parameters.orders["clients"])
        return np.asarray(np.minimum(drawn, MOST_ROWS), dtype=np.int64)

    def stream(self, name: str) -> np.random.Generator:
        """The random stream of table ``name`` for this block."""
        counter = np.array([0, crc32(name.encode()), self.block, self.labelled], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=self.seed, counter=counter))

    @cached_property
    def latents(self) -> dict[str, Floats]:
        """Correlated standard normals of every client: variables and traits."""
        names = self.parameters.latents
        lower = _factor(self.parameters)
        independent = self.stream("latents").standard_normal((BLOCK, len(names)))
        correlated = (independent @ lower.T)[: self.size]
        return dict(zip(names, correlated.T.copy(), strict=True))

    @cached_property
    def _lives_in_mixed_building(self) -> np.ndarray:
        """Clients whose building's measures differ by average, mode and median."""
        return self.stream("mixed buildings").random(self.size) < MIXED_BUILDINGS

    def uniform(self, name: str, rng: np.random.Generator) -> Floats:
        """Uniforms that draw variable ``name``: from its latent, or fresh when it has none.

        The mode and median of a building measure follow the latent of its average.
        """
        if name in self.latents:
            return np.asarray(ndtr(self.latents[name]))
        if name in self.parameters.mirrors:
            tie = self.parameters.mirrors[name]
            leader = self.latents[f"{name.rsplit('_', 1)[0]}_AVG"]
            tie = max(1 - (1 - tie) / MIXED_BUILDINGS, 0.5)
            mixed = tie * leader + np.sqrt(1 - tie * tie) * rng.standard_normal(self.size)
            return np.asarray(ndtr(np.where(self._lives_in_mixed_building, mixed, leader)))
        return rng.random(self.size)


def _factor(parameters: Parameters) -> Floats:
    key = id(parameters)
    if key not in _FACTORS:
        _FACTORS[key] = factor(parameters.correlation)
    return _FACTORS[key]
