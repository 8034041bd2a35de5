"""A whole portfolio in one go: the same verdicts as one application at a time, without the words.

``scoring.assess`` is the definition; a test holds the two together.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

from features.build import KEY
from features.encode import Encoder
from scoring.assess import EXTERNAL_SCORES
from scoring.contract import ReferCause
from scoring.history import COUNTED
from scoring.points import points, risk_band
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from scoring.verdict import propose

_SCHEMA: dict[str, pl.DataType] = {
    "default_probability": pl.Float64(),
    "verdict": pl.String(),
    "decided_by": pl.String(),
    "risk_band": pl.String(),
    "rules": pl.List(pl.String),
    "refer_causes": pl.List(pl.String),
    "points": pl.Int32(),
}
CHUNK = 50_000
"""Clients in one matrix: 80 items of them take 16 MB."""


def read_in_batch(scorecard: Scorecard) -> tuple[str, ...]:
    """Return the features that ``assess_frame`` reads, each once."""
    return tuple(dict.fromkeys((*scorecard.encoder.names, *EXTERNAL_SCORES, *COUNTED)))


def assess_frame(
    scorecard: Scorecard, policy: Policy, features: pl.DataFrame, applications: pl.DataFrame
) -> pl.DataFrame:
    """Assess every client of a feature table (n rows, as ``features.build.build`` returns it).

    ``applications`` holds the form of these clients (the prepared table), which the policy reads.
    Returns n rows: client_id, default_probability, verdict, decided_by, rules and refer_causes
    (lists), points, risk_band. A feature that the scorecard knows and the table lacks is missing
    for everybody.
    """
    if scorecard.estimates is not None:
        features = scorecard.estimates.added_to(features)
    absent = [name for name in scorecard.items if name not in features.columns]
    complete = features.with_columns(pl.lit(None, pl.Float64).alias(name) for name in absent)
    forms = features.select(KEY).join(applications, on=KEY, how="left", maintain_order="left")
    return pl.concat(
        [
            _assess_chunk(scorecard, policy, chunk, forms.slice(start, CHUNK))
            for start, chunk in zip(
                range(0, max(complete.height, 1), CHUNK),
                complete.iter_slices(CHUNK) if complete.height else [complete],
                strict=True,
            )
        ]
    )


def _assess_chunk(
    scorecard: Scorecard, policy: Policy, features: pl.DataFrame, forms: pl.DataFrame
) -> pl.DataFrame:
    encoder = Encoder.of(scorecard.items)
    raw = scorecard.raw_score(encoder.matrix(features))
    probabilities = scorecard.default_probability(raw).tolist()
    causes = features.select(
        thin=_thin(scorecard, features),
        beyond=_out_of_range(scorecard, features),
        unscored=pl.all_horizontal(pl.col(name).is_null() for name in EXTERNAL_SCORES),
    )
    named = (ReferCause.THIN_FILE, ReferCause.OUT_OF_RANGE, ReferCause.NO_EXTERNAL_SCORE)
    proposed = [
        propose(
            probability,
            scorecard.metadata.cut_off,
            [cause for cause, present in zip(named, row, strict=True) if present],
            hits,
        )
        for probability, row, hits in zip(
            probabilities, causes.iter_rows(), policy.hits_frame(forms), strict=True
        )
    ]
    return pl.DataFrame(
        {
            KEY: features[KEY],
            "default_probability": probabilities,
            "verdict": [proposal.verdict.value for proposal in proposed],
            "decided_by": [proposal.decided_by.value for proposal in proposed],
            "rules": [list(proposal.rules) for proposal in proposed],
            "refer_causes": [[cause.value for cause in one.causes] for one in proposed],
            "points": [points(probability) for probability in probabilities],
            "risk_band": [risk_band(probability) for probability in probabilities],
        },
        schema_overrides=_SCHEMA,
    )


def _thin(scorecard: Scorecard, features: pl.DataFrame) -> pl.Expr:
    """No record in any history table."""
    if not scorecard.metadata.has_history:
        return pl.repeat(False, features.height, dtype=pl.Boolean)
    held = [name for name in COUNTED if name in features.columns]
    if not held:
        return pl.repeat(True, features.height, dtype=pl.Boolean)
    return pl.all_horizontal(pl.col(name).is_null() for name in held)


def _out_of_range(scorecard: Scorecard, features: pl.DataFrame) -> pl.Expr:
    beyond = [
        ~pl.col(name).is_between(low, high)
        for name, (low, high) in scorecard.metadata.ranges.items()
        if name in features.columns
    ]
    if not beyond:
        return pl.repeat(False, features.height, dtype=pl.Boolean)
    return reduce(or_, (expression.fill_null(False) for expression in beyond))
