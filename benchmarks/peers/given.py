"""What every peer is given at start: the booster, and each client's features already computed.

That is more than the product gives itself: peers neither compute features nor read a database.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray


class Given(NamedTuple):
    """A booster, its features' names, and rows (n, f) by client number."""

    booster: lightgbm.Booster
    names: list[str]
    rows: NDArray[np.float32]
    place: dict[int, int]


@cache
def given() -> Given:
    """Read what the benchmark wrote into the folder ``BENCH_PEER``."""
    folder = Path(os.environ["BENCH_PEER"])
    names = json.loads((folder / "names.json").read_text())
    ids = np.load(folder / "ids.npy").tolist()
    return Given(
        lightgbm.Booster(model_file=folder / "booster.txt"),
        names,
        np.load(folder / "rows.npy"),
        {client_id: place for place, client_id in enumerate(ids)},
    )
