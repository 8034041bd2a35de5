"""Estimate the generator's parameters from an archive: ``python -m portfolio.estimate ARCHIVE``.

Applications and histories may come from two archives (``--histories``) when the one with many
applications has no history tables. Only aggregates of at least 20 clients are written.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from portfolio import applications, bureau, clients, population, previous, repayment, risk
from portfolio.copula import Scores, correlations
from portfolio.fitting import Encoded, encode, fit_table, ridge_logistic
from portfolio.layout import TABLE_VARIABLES
from portfolio.marginals import ANONYMITY, Floats, significant
from portfolio.parameters import DEFAULT_PATH, Effects, Parameters
from portfolio.people import BLOCK, People
from portfolio.variables import Fitted, Variable, band

_CALIBRATION_BLOCKS = 40
Reader = Callable[[str], pl.DataFrame]

_PENALTY = 12.0  # of the scorecard's effects; about the weight of 12 clients of even odds each


def read_table(archive: Path, stem: str) -> pl.DataFrame:
    """One table of an archive in the Kaggle layout (zip or folder, CSV or parquet)."""
    if archive.is_dir():
        if (archive / f"{stem}.parquet").exists():
            return pl.read_parquet(archive / f"{stem}.parquet")
        return pl.read_csv(archive / f"{stem}.csv", infer_schema_length=None)
    with zipfile.ZipFile(archive) as packed:
        return pl.read_csv(packed.read(f"{stem}.csv"), infer_schema_length=None)


@dataclass(frozen=True)
class Sample:
    """A fitted table: its variables, the latent scores of its rows, and its encoded columns."""

    fitted: Mapping[str, Fitted]
    scores: Mapping[str, Scores]
    encoded: Encoded


def _applications(frame: pl.DataFrame, orders: Mapping[str, tuple[str, ...]] | None) -> Sample:
    everything = (*applications.VARIABLES, *applications.MIRRORED)
    view = applications.columns_of_variables(frame)
    encoded = encode(view, everything, frame["SK_ID_CURR"].to_numpy(), _default(frame), orders)
    return Sample(*fit_table(encoded, everything), encoded)


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
    fitted, scores = fit_table(encoded, variables)
    return Sample(fitted, scores, encoded)


@dataclass(frozen=True)
class Trait:
    """A latent trait seen through the rows of clients: standardised means and their reliability."""

    loading: float
    means: Floats  # one per client of the reference list, NaN where no row shows it
    reliability: Floats  # correlation of each mean with the trait


def _trait(scores: Scores, owners: np.ndarray, reference: np.ndarray) -> Trait:
    """Variance components of row scores by client; the loading is the root of the intraclass share.

    Discrete rows show an attenuated score: their spread is that of the score, not one.
    """
    frame = (
        pl.DataFrame({"client": owners, "score": scores.values})
        .filter(pl.col("score").is_not_nan())
        .group_by("client")
        .agg(n=pl.len(), total=pl.col("score").sum(), squares=(pl.col("score") ** 2).sum())
        .sort("client")
    )
    n, total, squares = (frame[c].to_numpy().astype(float) for c in ("n", "total", "squares"))
    several = n > 1
    pairs = (total**2 - squares)[several] / (n - 1)[several]
    shared = max(float(pairs.sum() / n[several].sum()), 1e-4)
    spread = float(squares.sum() / n.sum())
    intraclass = min(shared / spread, 0.95)
    latent = min(shared / spread**2, 0.9)  # both rows of a pair are attenuated by the spread
    reliability = np.sqrt(intraclass / (intraclass + (1 - intraclass) / n))
    means = total / n / np.sqrt(spread * (intraclass + (1 - intraclass) / n))
    position = np.searchsorted(reference, frame["client"].to_numpy())
    inside = (position < len(reference)) & (
        reference[np.minimum(position, len(reference) - 1)] == frame["client"].to_numpy()
    )
    all_means = np.full(len(reference), np.nan)
    all_reliability = np.full(len(reference), np.nan)
    all_means[position[inside]] = np.clip(means[inside], -3.5, 3.5)
    all_reliability[position[inside]] = reliability[inside]
    return Trait(float(np.sqrt(latent)), all_means, all_reliability)


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


def _bands_of_drivers(
    full: Mapping[str, np.ndarray], names: Mapping[str, int]
) -> dict[str, Floats]:
    return {
        name: np.unique(
            significant(np.nanquantile(full[name], np.linspace(0, 1, count + 1)[1:-1]), 3)
        )
        for name, count in names.items()
    }


def _design(
    full: Mapping[str, np.ndarray], edges: Mapping[str, Floats], sizes: Mapping[str, int]
) -> tuple[Floats, list[tuple[str, int]]]:
    """One indicator column per band or category that at least 20 clients are in."""
    columns, keys = [], []
    for name in (*edges, *sizes):
        codes = band(full[name], edges[name]) if name in edges else full[name]
        for code in np.unique(codes):
            chosen = codes == code
            if chosen.sum() >= ANONYMITY:
                columns.append(chosen.astype(float))
                keys.append((name, int(code)))
    return np.stack(columns, axis=1), keys


def _effects(
    coefficients: Floats,
    keys: list[tuple[str, int]],
    edges: Mapping[str, Floats],
    sizes: Mapping[str, int],
) -> dict[str, Effects]:
    effects = {
        name: np.zeros(len(edges[name]) + 2 if name in edges else sizes[name])
        for name in (*edges, *sizes)
    }
    for (name, code), coefficient in zip(keys, coefficients, strict=True):
        effects[name][code] = coefficient
    return {
        name: Effects(tuple(edges.get(name, np.array([])).tolist()), tuple(values.tolist()))
        for name, values in effects.items()
    }


def _scorecard(many: Sample, default: Floats) -> tuple[float, dict[str, Effects]]:
    full = risk.drivers(many.encoded.known, many.encoded.orders)
    edges = _bands_of_drivers(full, risk.NUMBERS)
    sizes = {name: len(many.encoded.orders[name]) for name in risk.CATEGORIES}
    design, keys = _design(full, edges, sizes)
    design = np.c_[np.ones(len(design)), design]
    coefficients = ridge_logistic(design, default, np.zeros(len(default)), _PENALTY)
    return float(coefficients[0]), _effects(coefficients[1:], keys, edges, sizes)


def _history_effects(
    parameters: Parameters,
    core: Sample,
    counts: Sample,
    traits: Mapping[str, Trait],
    default: Floats,
) -> tuple[dict[str, Effects], dict[str, float]]:
    """Effects of counts and traits on default, beyond the application's own scorecard."""
    labelled = np.flatnonzero(~np.isnan(default))
    known = {k: v[labelled] for k, v in core.encoded.known.items()}
    offset = risk.log_odds(parameters, known, {})
    full = {name: counts.encoded.known[name][labelled] for name in risk.COUNTS}
    edges = {name: np.array([1.0, 2.0, 4.0, 7.0, 12.0]) for name in risk.COUNTS}
    bands, keys = _design(full, edges, {})
    shrunk = np.stack(
        [np.nan_to_num(traits[t].means * traits[t].reliability)[labelled] for t in clients.TRAITS],
        axis=1,
    )
    design = np.c_[np.ones(len(labelled)), bands, shrunk]
    coefficients = ridge_logistic(design, default[labelled], offset, _PENALTY)
    effects = _effects(coefficients[1 : 1 + len(keys)], keys, edges, {})
    return effects, dict(zip(clients.TRAITS, coefficients[1 + len(keys) :].tolist(), strict=True))


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
    return Sample(*fit_table(encoded, clients.VARIABLES), encoded)


def reader(archive: Path, without: pl.Series | None) -> Reader:
    """Reads tables of ``archive`` by stem, leaving out the clients ``without``."""

    def read(stem: str) -> pl.DataFrame:
        table = read_table(archive, stem)
        if without is None:
            return table
        return table.filter(~pl.col("SK_ID_CURR").is_in(without.implode()))

    return read


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
        variable.trait: _trait(
            samples[table].scores[variable.name], samples[table].encoded.clients, reference
        )
        for table in samples
        for variable in TABLE_VARIABLES[table]
        if variable.trait
    }
    names, correlation = _correlation(many, core, counts, traits)
    intercept, drivers = _scorecard(many, _default(train))
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
    effects, trait_effects = _history_effects(base, core, counts, traits, _default(people))
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
