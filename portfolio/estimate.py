"""Estimate the generator's parameters from an archive: ``python -m portfolio.estimate ARCHIVE``.

Applications and histories may come from two archives (``--histories``) when the one with many
applications has no history tables. Only aggregates of at least 20 clients are written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from portfolio import applications, bureau, clients, population, previous, repayment, risk
from portfolio.archive import Reader, reader
from portfolio.copula import correlations
from portfolio.fitting import Sample, encode, fit_table
from portfolio.layout import TABLE_VARIABLES
from portfolio.marginals import Floats
from portfolio.parameters import DEFAULT_PATH, Parameters
from portfolio.people import BLOCK, People
from portfolio.risk_fit import history_effects, scorecard
from portfolio.traits import Trait, trait_of
from portfolio.variables import Fitted, Variable

_CALIBRATION_BLOCKS = 40


def _applications(frame: pl.DataFrame, orders: Mapping[str, tuple[str, ...]] | None) -> Sample:
    everything = (*applications.VARIABLES, *applications.MIRRORED)
    view = applications.columns_of_variables(frame)
    encoded = encode(view, everything, frame["SK_ID_CURR"].to_numpy(), _default(frame), orders)
    return fit_table(encoded, everything)


def _default(frame: pl.DataFrame) -> Floats:
    if "TARGET" not in frame.columns:
        return np.full(frame.height, np.nan)
    return frame["TARGET"].cast(pl.Float64).to_numpy()


def _history(
    view: pl.DataFrame,
    variables: Sequence[Variable],
    parents: Sequence[str],
    default: pl.DataFrame,
) -> Sample:
    """Fit a history table; ``parents`` are category columns only used to cut cells."""
    owners = view["SK_ID_CURR"]
    outcome = (
        view.select("SK_ID_CURR")
        .join(default, on="SK_ID_CURR", how="left", maintain_order="left")["TARGET"]
        .cast(pl.Float64)
        .fill_null(float("nan"))
        .to_numpy()
    )
    everything = (*(Variable(p, "category", ordered=True) for p in parents), *variables)
    encoded = encode(view, everything, owners.to_numpy(), outcome)
    return fit_table(encoded, variables)


def _with_loadings(
    sample: Sample, traits: Mapping[str, Trait], variables: Sequence[Variable]
) -> dict[str, Fitted]:
    result = {}
    for variable in variables:
        fitted = sample.fitted[variable.name]
        loading = traits[variable.trait].loading if variable.trait else 0.0
        result[variable.name] = Fitted(
            fitted.variable, fitted.order, fitted.cells, fitted.bands, loading
        )
    return result


def _correlation(
    many: Sample, core: Sample, counts: Sample, traits: Mapping[str, Trait]
) -> tuple[tuple[str, ...], Floats]:
    """Correlation of all latents: among application variables from ``many``, the rest from core."""
    coupled = applications.COUPLED
    names = (*coupled, *(v.name for v in clients.VARIABLES), *clients.TRAITS)
    terms = len(many.scores[coupled[0]].hermite)
    straight = np.eye(1, terms)[0]
    columns = [core.scores[n] for n in coupled]
    columns += [counts.scores[v.name] for v in clients.VARIABLES]
    values = np.c_[
        np.stack([c.values for c in columns], axis=1),
        np.stack([traits[t].means for t in clients.TRAITS], axis=1),
    ]
    hermite = np.stack(
        [c.hermite for c in columns]
        + [straight * np.nanmean(traits[t].reliability) for t in clients.TRAITS]
    )
    matrix = correlations(values, hermite)
    first = len(coupled)
    matrix[:first, :first] = correlations(
        np.stack([many.scores[n].values for n in coupled], axis=1),
        np.stack([many.scores[n].hermite for n in coupled]),
    )
    return names, matrix


def _mirrors(sample: Sample) -> dict[str, float]:
    """Latent correlation of each mirror of a building measure with the average it follows."""
    ties = {}
    for mirror in applications.MIRRORED:
        pair = (mirror.name, f"{mirror.name.rsplit('_', 1)[0]}_AVG")
        scores = np.stack([sample.scores[name].values for name in pair], axis=1)
        hermite = np.stack([sample.scores[name].hermite for name in pair])
        ties[mirror.name] = float(correlations(scores, hermite, limit=0.9995)[0, 1])
    return ties


def _histories(tables: Reader, default: pl.DataFrame) -> dict[str, Sample]:
    """Fit every history table ``tables`` reads."""
    credits = bureau.columns_of_variables(tables("bureau")).with_columns(
        pl.when(pl.col("SK_ID_CURR").is_in(default.drop_nulls("TARGET")["SK_ID_CURR"].implode()))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("labelled")
    )
    offers = previous.columns_of_variables(tables("previous_application"))
    loans = repayment.loans_seen_late(tables("POS_CASH_balance"))
    cards = repayment.use_of_cards(tables("credit_card_balance"))
    return {
        "bureau": _history(credits, bureau.VARIABLES, ("is closed", "labelled"), default),
        "previous": _history(offers, previous.VARIABLES, previous.CUTS, default),
        "loans": _history(loans, repayment.LOANS, (), default),
        "cards": _history(cards, repayment.CARDS, (), default),
    }


def _counts(samples: Mapping[str, Sample], reference: np.ndarray) -> Sample:
    """How many credits and previous applications each reference client has."""
    view = pl.DataFrame({"SK_ID_CURR": reference})
    for table, name in (("bureau", "bureau_count"), ("previous", "previous_count")):
        owners = pl.DataFrame({"SK_ID_CURR": samples[table].encoded.clients})
        counted = owners.group_by("SK_ID_CURR").len(name)
        view = view.join(counted, on="SK_ID_CURR", how="left", maintain_order="left")
    view = view.fill_null(0)
    encoded = encode(view, clients.VARIABLES, reference, np.full(len(reference), np.nan))
    return fit_table(encoded, clients.VARIABLES)


def estimate(
    source: Path, histories: Path | None = None, without: pl.Series | None = None
) -> Parameters:
    """Estimate all parameters from archives in the Kaggle layout.

    ``without`` lists clients to leave out of everything, so that they can judge the result.
    """
    applications_of, histories_of = reader(source, without), reader(histories or source, without)
    train = applications_of("application_train")
    many = _applications(train, None)
    people = pl.concat(
        [histories_of(f"application_{part}") for part in ("train", "test")],
        how="diagonal_relaxed",
    ).sort("SK_ID_CURR")
    core = _applications(people, many.encoded.orders)
    reference = people["SK_ID_CURR"].to_numpy()
    samples = _histories(histories_of, people.select("SK_ID_CURR", "TARGET"))
    counts = _counts(samples, reference)
    traits = {
        variable.trait: trait_of(
            samples[table].scores[variable.name], samples[table].encoded.clients, reference
        )
        for table in samples
        for variable in TABLE_VARIABLES[table]
        if variable.trait
    }
    names, correlation = _correlation(many, core, counts, traits)
    intercept, drivers = scorecard(many, _default(train))
    every = {"applications": many, "clients": counts, **samples}
    base = Parameters(
        orders={table: sample.encoded.orders for table, sample in every.items()},
        tables={
            table: _with_loadings(sample, traits, TABLE_VARIABLES[table])
            for table, sample in every.items()
        },
        latents=names,
        correlation=correlation,
        mirrors=_mirrors(many),
        intercept=intercept,
        drivers=drivers,
        traits={},
    )
    effects, trait_effects = history_effects(base, core, counts, traits, _default(people))
    full = replace(base, drivers={**drivers, **effects}, traits=trait_effects)
    return replace(full, intercept=_calibrated(full, float(np.nanmean(_default(train)))))


def _calibrated(parameters: Parameters, rate: float) -> float:
    """The intercept under which drawn clients default at ``rate``."""
    log_odds = np.concatenate(
        [
            population.clients_of(People(parameters, 0, True, block, BLOCK, block), "none").log_odds
            for block in range(_CALIBRATION_BLOCKS)
        ]
    )
    low, high = -5.0, 5.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if risk.probability(log_odds + middle).mean() < rate else (low, middle)
        )
    return parameters.intercept + low


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line of the estimation."""
    parser = argparse.ArgumentParser(prog="python -m portfolio.estimate", description=__doc__)
    parser.add_argument("archive", type=Path, help="zip or folder in the Kaggle layout")
    parser.add_argument("--histories", type=Path, help="archive the history tables come from")
    parser.add_argument("--out", type=Path, default=DEFAULT_PATH)
    options = parser.parse_args(arguments)
    text = estimate(options.archive, options.histories).to_json()
    options.out.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{options.out}: {len(text.encode()) / 1000:.0f} KB\n")


if __name__ == "__main__":
    main()
