"""Rows of a history table under construction: owners, drawn variables and their random stream."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr

from portfolio.marginals import Codes, Floats
from portfolio.people import People


@dataclass
class Rows:
    """Rows owned by clients of one block; lives while one table of the block is drawn."""

    people: People
    table: str
    owners: Codes  # position of the owner in the block, rising
    rng: np.random.Generator
    known: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.owners)

    @property
    def orders(self) -> dict[str, tuple[str, ...]]:
        """Labels of the table's category variables."""
        return dict(self.people.parameters.orders[self.table])

    def draw(self, name: str) -> np.ndarray:
        """Draw variable ``name`` for every row, pulled by the owner's trait, and remember it."""
        fitted = self.people.parameters.tables[self.table][name]
        loading = fitted.loading
        if loading:
            trait = self.people.latents[fitted.variable.trait][self.owners]
            noise = self.rng.standard_normal(len(self))
            u = ndtr(loading * trait + np.sqrt(1 - loading**2) * noise)
        else:
            u = self.rng.random(len(self))
        orders = self.people.parameters.orders[self.table]
        values = fitted.draw(u, self.known, orders, self.rng)
        given = fitted.variable.given
        if given:
            values[self.known[given] != orders[given].index("yes")] = np.nan
        self.known[name] = values
        return values

    def is_label(self, name: str, *words: str) -> np.ndarray:
        """Whether each row's category ``name`` is one of ``words``."""
        order = self.people.parameters.orders[self.table][name]
        return np.isin(self.known[name], [i for i, label in enumerate(order) if label in words])

    def set_label(self, name: str, chosen: np.ndarray, yes: str = "yes", no: str = "no") -> None:
        """Remember a two-valued category decided outside the parameters."""
        order = self.people.parameters.orders[self.table][name]
        self.known[name] = np.where(chosen, order.index(yes), order.index(no))

    def follow(self, name: str, source: str, words: dict[str, str]) -> None:
        """Remember category ``name``, the image of category ``source`` by ``words``."""
        orders = self.people.parameters.orders[self.table]
        image = np.array([orders[name].index(words[label]) for label in orders[source]])
        self.known[name] = image[self.known[source]]


def repeat(counts: Codes) -> tuple[Codes, Codes]:
    """Owner position and rank (from 0) of each row when owner ``i`` has ``counts[i]`` rows."""
    owners = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owners, np.arange(len(owners)) - starts[owners]


def cents(values: Floats) -> Floats:
    """Amounts rounded to the archive's half-cent."""
    return np.round(values * 200) / 200
