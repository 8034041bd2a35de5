"""Distributions keep the shape of a column and the secret of its people."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.marginals import ANONYMITY, fit_numbers, fit_shares


def test_quantiles_and_missing_values_are_kept() -> None:
    """Drawing from the fitted function gives the column's quantiles back."""
    rng = np.random.default_rng(2)
    values = rng.lognormal(10, 1, 5_000)
    values[:1_000] = np.nan
    fitted = fit_numbers(values, np.arange(5_000), knots=40, atom_share=0.01)
    assert fitted.missing == pytest.approx(0.2, abs=1e-4)
    for level in (0.1, 0.5, 0.9):
        drawn = fitted.at(np.array([level]))[0]
        assert drawn == pytest.approx(np.nanquantile(values, level), rel=0.05)


def test_extreme_values_of_single_people_are_not_kept() -> None:
    """The largest knot is a value that twenty clients reach, not the richest one's."""
    values = np.r_[np.linspace(0, 100, 2_000), 1e9]
    fitted = fit_numbers(values, np.arange(2_001), knots=40, atom_share=0.01)
    assert fitted.values.max() <= 100


def test_many_rows_of_one_client_make_no_atom() -> None:
    """A value that one client repeats is not shared by enough people to be kept exactly."""
    values = np.r_[np.linspace(0, 1, 1_000), np.full(500, 0.123456789)]
    clients = np.r_[np.arange(1_000), np.full(500, 5_000)]
    fitted = fit_numbers(values, clients, knots=40, atom_share=0.01)
    assert 0.123456789 not in fitted.values


def test_every_interval_holds_enough_clients() -> None:
    """No interval between two knots describes fewer than twenty clients."""
    values = np.random.default_rng(3).normal(size=900)
    fitted = fit_numbers(values, np.arange(900), knots=200, atom_share=0.01)
    widths = np.diff(fitted.levels)
    assert (widths[widths > 0] * 900 >= ANONYMITY - 0.5).all()


def test_rare_categories_are_dropped() -> None:
    """A category of nineteen clients has no share; the others add up to one."""
    codes = np.repeat([0, 1, 2], [500, 19, 300])
    shares = fit_shares(codes, np.arange(len(codes)), 3).shares
    assert shares[1] == 0
    assert shares.sum() == pytest.approx(1)
