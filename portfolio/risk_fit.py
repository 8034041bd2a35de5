"""Estimation of who defaults: a ridge scorecard on applications, then what histories add."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from portfolio import clients, risk
from portfolio.fitting import Sample, ridge_logistic
from portfolio.marginals import ANONYMITY, Floats, significant
from portfolio.parameters import Effects, Parameters
from portfolio.traits import Trait
from portfolio.variables import band

_PENALTY = 12.0  # of the effects; about the weight of 12 clients of even odds each


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


def scorecard(many: Sample, default: Floats) -> tuple[float, dict[str, Effects]]:
    """Intercept and effects of the application's drivers on the default log-odds."""
    full = risk.drivers(many.encoded.known, many.encoded.orders)
    edges = _bands_of_drivers(full, risk.NUMBERS)
    sizes = {name: len(many.encoded.orders[name]) for name in risk.CATEGORIES}
    design, keys = _design(full, edges, sizes)
    design = np.c_[np.ones(len(design)), design]
    coefficients = ridge_logistic(design, default, np.zeros(len(default)), _PENALTY)
    return float(coefficients[0]), _effects(coefficients[1:], keys, edges, sizes)


def history_effects(
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
