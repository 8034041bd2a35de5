"""Month by month: ranking, calibration, proposals and reasons of one recipe."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.build import KEY
from features.encode import Encoder
from flows.learning.dataset import Labelled
from flows.learning.learned import Learned
from flows.learning.training import Table
from scoring import metrics
from scoring.errors import ScoringError
from scoring.facts import FACTS
from scoring.population import SMALLEST_GROUP
from scoring.scorecard import Scorecard

DATES = "application_dates.csv"


class NoDates(ScoringError):
    """The archive does not say when anybody applied."""


def dates_of(archive: Path) -> pl.DataFrame:
    """Return client_id and month (``2024-01``) of each application of a portfolio.

    Raises ``NoDates``.
    """
    try:
        with zipfile.ZipFile(archive) as held, held.open(DATES) as file:
            dates = pl.read_csv(file.read(), try_parse_dates=True)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        msg = (
            f"{archive.name} holds no {DATES}. Give a portfolio that python -m portfolio wrote as "
            "zip, or leave --data out."
        )
        raise NoDates(msg) from error
    month = pl.col("application_date").dt.strftime("%Y-%m")
    return dates.select(pl.col("SK_ID_CURR").cast(pl.Int64).alias(KEY), month.alias("month"))


def by_month(
    clients: Labelled, learned: Learned, champion: Scorecard, table: Table, dates: pl.DataFrame
) -> dict[str, Any]:
    """Return the figures of each month of at least twenty clients, and how far they vary."""
    wanted = pl.DataFrame({KEY: clients.client_ids})
    months = wanted.join(dates, on=KEY, how="left", maintain_order="left")["month"].to_numpy()
    subjects = _first_subjects(champion, table, clients.client_ids)
    probability, cut_off = learned.decided.probability, learned.decided.cut_off.value
    found = []
    for month in sorted(set(months.tolist())):
        rows = np.flatnonzero(months == month)
        if len(rows) < SMALLEST_GROUP:
            continue
        default, said = clients.default[rows], probability[rows]
        low, high = metrics.auc_interval(default, said)
        counted = Counter(subjects[rows].tolist())
        found.append(
            {
                "month": month,
                "clients": len(rows),
                "auc": metrics.auc(default, said),
                "auc_low": low,
                "auc_high": high,
                "said": float(said.mean()),
                "happened": float(default.mean()),
                "calibration_error": metrics.calibration_error(default, said),
                "granted": float((said <= cut_off).mean()),
                "first_reason": {name: n / len(rows) for name, n in counted.most_common(6)},
            }
        )
    return {"months": found, "auc_spread": float(np.std([month["auc"] for month in found]))}


def _first_subjects(
    champion: Scorecard, table: Table, client_ids: NDArray[np.int64]
) -> NDArray[np.str_]:
    """Return the subject that moves each client most (n,), by the champion's contributions."""
    wanted = pl.DataFrame({KEY: client_ids})
    rows = wanted.join(table.features, on=KEY, how="left", maintain_order="left")
    if champion.estimates is not None:
        rows = champion.estimates.added_to(rows)
    encoder = Encoder.of(champion.items)
    effects = champion.model.effects(encoder.matrix(rows))
    moved = effects - np.asarray(champion.metadata.granted.mean_effects)
    names = [FACTS[item].subject if item in FACTS else "others" for item in champion.items]
    subjects = sorted(set(names))
    sums = np.stack([moved[:, [n == one for n in names]].sum(axis=1) for one in subjects], axis=1)
    first: NDArray[np.str_] = np.array(subjects)[np.abs(sums).argmax(axis=1)]
    return first
