"""From the feature table to what a learner reads, and the refusal of data that cannot teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.encode import Encoder
from scoring.errors import MINIMUM_CLIENTS, MINIMUM_OF_A_CLASS, SingleClass, TooFewClients

COMFORTABLE_CLIENTS = 1_000


@dataclass(frozen=True)
class Labelled:
    """Labelled clients: (n,) ids, (n,) outcomes of 0/1, (n, f) float32 matrix, and its encoder.

    ``directions`` says of each column whether it may only raise (1) or lower (-1) the risk.
    """

    client_ids: NDArray[np.int64]
    default: NDArray[np.float64]
    matrix: NDArray[np.float32]
    encoder: Encoder
    directions: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.default)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the matrix."""
        return self.encoder.names

    @property
    def category_columns(self) -> list[int]:
        """Positions of the category features in the matrix."""
        return [i for i, name in enumerate(self.names) if name in self.encoder.categories]

    def take(self, rows: NDArray[np.intp]) -> Labelled:
        """Return these rows only."""
        return replace(
            self,
            client_ids=self.client_ids[rows],
            default=self.default[rows],
            matrix=self.matrix[rows],
        )

    def only(self, names: Sequence[str]) -> Labelled:
        """Return these features only, in the order asked."""
        if tuple(names) == self.names:
            return self
        place = {name: i for i, name in enumerate(self.names)}
        places = [place[name] for name in names]
        words = {n: self.encoder.categories[n] for n in names if n in self.encoder.categories}
        return replace(
            self,
            matrix=np.ascontiguousarray(self.matrix[:, places]),
            encoder=Encoder(tuple(names), words),
            directions=tuple(self.directions[at] for at in places),
        )

    def beside(self, columns: pl.DataFrame) -> Labelled:
        """Return these clients with further columns, in their order; categories as enumerations.

        Nothing is known beforehand about the direction of these.
        """
        words = {
            name: tuple(kind.categories.to_list())
            for name, kind in columns.schema.items()
            if isinstance(kind, pl.Enum)
        }
        codes = columns.select(
            (pl.col(n).to_physical() if n in words else pl.col(n)).cast(pl.Float32)
            for n in columns.columns
        )
        return replace(
            self,
            matrix=np.hstack([self.matrix, codes.to_numpy().astype(np.float32)]),
            encoder=Encoder((*self.names, *columns.columns), {**self.encoder.categories, **words}),
            directions=(*self.directions, *([0] * columns.width)),
        )


def labelled(features: pl.DataFrame, names: Sequence[str]) -> Labelled:
    """Return the labelled clients of a feature table, in the order of their ids.

    Raises ``SingleClass`` or ``TooFewClients`` when nothing can be learnt from them.
    """
    known = (
        features.lazy()
        .select("client_id", "default", row=pl.row_index())
        .filter(pl.col("default").is_not_null())
        .sort("client_id")
        .collect()
    )
    default = known["default"].to_numpy().astype(np.float64)
    refuse_too_few(default)
    encoder = Encoder.of(names)
    return Labelled(
        client_ids=known["client_id"].to_numpy(),
        default=default,
        matrix=encoder.matrix(features, known["row"]),
        encoder=encoder,
        directions=tuple(CATALOGUE[name].direction for name in names),
    )


def refuse_too_few(default: NDArray[np.float64]) -> None:
    """Raise ``SingleClass`` or ``TooFewClients`` for outcomes that cannot teach a scorecard."""
    clients, defaults = len(default), int(default.sum())
    if clients >= MINIMUM_OF_A_CLASS and defaults in {0, clients}:
        raise SingleClass(clients)
    if clients < MINIMUM_CLIENTS or min(defaults, clients - defaults) < MINIMUM_OF_A_CLASS:
        raise TooFewClients(clients, defaults)


def warnings_about(data: Labelled) -> tuple[str, ...]:
    """Say what weakens a scorecard learnt from these clients."""
    if len(data) >= COMFORTABLE_CLIENTS:
        return ()
    return (
        f"Only {len(data)} labelled clients, {int(data.default.sum())} with a default: the figures "
        "below are uncertain. Read their intervals, and let a person look at each proposal.",
    )
