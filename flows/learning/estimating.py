"""How the estimates of external scores are learnt, and given to clients they did not learn from.

Every application takes part, labelled or not, and no outcome does. For the clients a scorecard
learns from, each third is estimated from the other two, as a new client will be.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from features.build import with_estimates
from features.catalogue import APPLICATIONS_TABLE, CATALOGUE
from features.definitions.external_scores import NAMES
from features.encode import Encoder
from flows.learning.curves import FINE
from flows.learning.dataset import Labelled
from flows.learning.selection import Whole, ranked, saying
from scoring.errors import TooFewClients
from scoring.estimates import Estimates, expected_columns
from scoring.grid import Grid

TELLS_AGE = frozenset(
    {
        *("income_type", "employment_days", "without_current_job", "employer_type"),
        *("registration_days", "identity_document_days", "latest_change_days"),
        *("has_employer_phone", "has_work_phone", "contacts_count"),
        *("children_count", "family_members_count", "children_to_family"),
        *("income_per_person", "credit_per_person", "instalment_to_income_per_person"),
        *("documents_count", "document_6", "missing_items_count"),
        *("registered_city_differs_work", "home_city_differs_work", "address_mismatch_count"),
    }
)
"""Items that go with age (pensioners have no employer, papers are renewed at certain ages): an
estimate that read them would bring back, under another name, what policy refuses."""
MOST_INPUTS = 20
"""Items of the form that one estimate reads."""
MOST_CLIENTS = 60_000
"""Clients it learns from: more would not move its curves."""
FEWEST_CLIENTS = 300
CROSSED = 3


def with_crossed_estimates(features: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the feature table (n rows) with estimates that did not learn from the row itself.

    Only the features of ``with_estimates`` are new. Raises ``TooFewClients`` as
    ``learn_estimates`` does.
    """
    expected = np.zeros((features.height, len(NAMES)))
    splitter = KFold(CROSSED, shuffle=True, random_state=seed)
    for learn, judge in splitter.split(np.zeros(features.height)):
        estimates = learn_estimates(features[learn], seed)
        held = features[judge]
        expected[judge] = estimates.expected(Encoder.of(estimates.inputs).matrix(held))

    return with_estimates(expected_columns(features, expected))


def can_estimate(features: pl.DataFrame) -> bool:
    """Tell whether each external score is known for enough clients to learn from."""
    return all(features[name].drop_nulls().len() >= CROSSED * FEWEST_CLIENTS for name in NAMES)


def learn_estimates(features: pl.DataFrame, seed: int) -> Estimates:
    """Learn what each external score usually is from the other items of the form."""
    return Estimates(grids={name: _learn(features, name, seed) for name in NAMES})


def _learn(features: pl.DataFrame, name: str, seed: int) -> Grid:
    known = features.filter(pl.col(name).is_not_null())
    if known.height < FEWEST_CLIENTS:
        raise TooFewClients(known.height, 0)
    if known.height > MOST_CLIENTS:
        known = known.sample(MOST_CLIENTS, seed=seed)
    data = _form(known, name)
    data = data.only(saying(data))
    whole = Whole.of(data, FINE)
    return whole.only(ranked(whole, MOST_INPUTS))


def _form(known: pl.DataFrame, name: str) -> Labelled:
    """Return the form of these clients with the score as the outcome, directions turned round.

    What lowers the risk raises a score.
    """
    made_of_scores = {f.name for f in CATALOGUE if f.reads() & set(NAMES)} - set(NAMES)
    names = [
        feature.name
        for feature in CATALOGUE.of(APPLICATIONS_TABLE)
        if feature.name in known.columns
        and feature.name != name
        and feature.name not in made_of_scores | TELLS_AGE
        and not feature.reads() & TELLS_AGE
    ]
    encoder = Encoder.of(names)
    score: NDArray[np.float64] = known[name].to_numpy().astype(np.float64)
    return Labelled(
        client_ids=known["client_id"].to_numpy(),
        default=score,
        matrix=encoder.matrix(known),
        encoder=encoder,
        directions=tuple(-CATALOGUE[one].direction for one in names),
    )
