"""Every sentence that can be told of a client, held to the raw records, by other code.

Not the reasons of one scorecard: each fact of the catalogue is told of each client, so that
whatever grid is learnt next tells nothing that was not checked here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import portfolio
from features.build import build
from features.catalogue import CATALOGUE
from features.raw.prepare import prepare
from flows.learning.estimating import can_estimate, learn_estimates
from scoring.estimates import Estimates
from scoring.facts import FACTS
from tests.conftest import CORE
from tests.truth import of_cards, of_credits, of_loans, of_past, of_the_form
from tests.truth.reading import CLAIMS, figures, is_true
from tests.truth.records import Client, read_clients

READINGS = (of_cards, of_credits, of_loans, of_past, of_the_form)
"""Importing them registers their claims."""
CLIENTS = 300
APPLICATIONS = "home-credit-applications.zip"


@dataclass(frozen=True)
class Portfolio:
    """Some clients' raw records, beside what the product can tell of them in both languages."""

    clients: dict[int, Client]
    told: list[tuple[str, str, str, bool | None]]
    """Item, the French sentence, the English one, and whether it is true (``None``: not read)."""


def _tell(archive: Path, home: Path) -> Portfolio:
    clients = read_clients(archive, CLIENTS)
    prepared = prepare(archive, home, report=lambda _line: None)
    wanted = {name for fact in FACTS.values() for name in (fact.item, *fact.companions)}
    features = build(prepared, names=[*wanted, *_of_the_form()])
    if can_estimate(features):
        estimates = learn_estimates(features, seed=1)
        _expect(clients, estimates)
        features = estimates.added_to(features)
    rows = features.filter(pl.col("client_id").is_in(list(clients))).to_dicts()
    return Portfolio(clients, list(_sentences(rows, clients)))


def _of_the_form() -> list[str]:
    return [feature.name for feature in CATALOGUE if feature.table == "applications"]


def _expect(clients: dict[int, Client], estimates: Estimates) -> None:
    grids = json.loads(estimates.model_dump_json())["grids"]
    words = {name: CATALOGUE[name].categories for name in estimates.inputs}
    categories = {name: values for name, values in words.items() if values}
    for client in clients.values():
        client.expected = of_the_form.expected_scores(client.form, grids, categories)


def _sentences(
    rows: Sequence[dict[str, Any]], clients: dict[int, Client]
) -> Iterator[tuple[str, str, str, bool | None]]:
    held = [fact for name, fact in FACTS.items() if rows and name in rows[0]]
    for row in rows:
        for fact in held:
            french, english = fact.sentence(row, "fr"), fact.sentence(row, "en")
            if french is not None and english is not None:
                true = is_true(english, clients[row["client_id"]])
                yield fact.item, french, english, true


@pytest.fixture(scope="module", params=["synthetic", CORE, APPLICATIONS])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """A small synthetic portfolio; the genuine archives where they are."""
    home = tmp_path_factory.mktemp("truth")
    if request.param == "synthetic":
        archive = home / "portfolio.zip"
        portfolio.write(archive, clients=2_500, seed=5, fmt="zip")
    else:
        archive = request.getfixturevalue("genuine") / request.param
    return _tell(archive, home)


def test_every_sentence_is_true_of_the_raw_records(told: Portfolio) -> None:
    """What a sentence says is what the client's own rows give, to the last digit written."""
    assert CLAIMS, READINGS
    wrong = Counter(item for item, _, _, true in told.told if true is False)
    assert not wrong, f"false sentences by item: {dict(wrong)}"


def test_every_sentence_can_be_checked(told: Portfolio) -> None:
    """No item is told in words that nothing here can hold to the records."""
    unread = Counter(item for item, _, _, true in told.told if true is None)
    assert not unread, f"sentences that are not covered, by item: {dict(unread)}"


def test_both_languages_write_the_same_figures(told: Portfolio) -> None:
    """The French sentence has the figures of the English one, in their order."""
    for item, french, english, _ in told.told:
        assert figures(french, "fr") == figures(english, "en"), item
