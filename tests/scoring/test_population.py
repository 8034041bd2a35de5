"""Where a client stands."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from scoring.population import ALL, GRANTED, SMALLEST_GROUP, Population, Spread, population_of

RANDOM = np.random.default_rng(9)
CLIENTS = 1_000
INCOME = RANDOM.lognormal(12, 0.5, CLIENTS)
FRAME = pl.DataFrame(
    {
        "client_id": np.arange(CLIENTS),
        "default": (RANDOM.random(CLIENTS) < 0.1).astype(int),
        "contract_type": np.where(np.arange(CLIENTS) < 40, "Revolving loans", "Cash loans"),
        "income_total": INCOME,
        "amount_credit": 2 * INCOME,
        "rare": [1.0] * (SMALLEST_GROUP - 1) + [None] * (CLIENTS - SMALLEST_GROUP + 1),
    }
)
ITEMS = ("income_total", "amount_credit", "rare", "contract_type")


@pytest.fixture(scope="module")
def population() -> Population:
    """A thousand clients, the poorer half granted."""
    return population_of(FRAME, FRAME["income_total"] < np.median(INCOME), ITEMS)


def test_a_client_is_placed_among_all_and_among_the_granted(population: Population) -> None:
    """The median client is in the middle of all, and above every granted one."""
    middle = float(np.median(INCOME))
    share = population.groups[ALL].spreads["income_total"].share_below(middle)
    assert share == pytest.approx(0.5, abs=0.01)
    assert population.groups[GRANTED].spreads["income_total"].share_below(middle) > 0.99


def test_similar_clients_ask_for_the_same_and_earn_alike(population: Population) -> None:
    """Same contract, same fifth of income: the group's incomes surround the client's."""
    name = population.similar({"contract_type": "Cash loans", "income_total": 160_000.0})
    assert name is not None
    spread = population.groups[name].spreads["income_total"]
    assert spread.quantiles[0] < 160_000 < spread.quantiles[-1]
    assert population.similar({"contract_type": None, "income_total": 1.0}) is None


def test_small_groups_and_rare_items_are_not_kept(population: Population) -> None:
    """Forty revolving clients make no fifth of twenty; an item known for nineteen is no item."""
    assert all(group.clients >= SMALLEST_GROUP for group in population.groups.values())
    revolving = [name for name in population.groups if "Revolving" in name]
    assert len(revolving) < 5
    assert "rare" not in population.groups[ALL].spreads


def test_no_extreme_is_one_person(population: Population) -> None:
    """The ends of a spread are means of several clients."""
    quantiles = population.groups[ALL].spreads["income_total"].quantiles
    assert quantiles[-1] < INCOME.max()
    assert quantiles[0] > INCOME.min()
    assert list(quantiles) == sorted(quantiles)


def test_values_shared_by_many_are_placed_in_their_middle() -> None:
    """A count of zero that half the clients share is at a quarter, not at nothing."""
    spread = Spread(known=100, missing_share=0, quantiles=(0.0, 0.0, 0.0, 1.0, 2.0))
    assert spread.share_below(0.0) == 0.25
    assert spread.share_below(-1.0) == 0.0
    assert spread.share_below(9.0) == 1.0


def test_it_is_stored_as_text(population: Population) -> None:
    """Writing and reading back changes nothing."""
    assert Population.model_validate_json(population.model_dump_json()) == population
