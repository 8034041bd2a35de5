"""External scores where they are not known: what cases like this one usually have.

Two of the three scores are missing for many clients. What comparable cases usually have is
estimated from the rest of the form (``scoring.estimates``) and stands in the columns
``external_score_1_expected`` and the like; a *filled* score is the client's own where it is known,
and what is expected where it is not.
"""

from __future__ import annotations

from features.definitions.external_scores import NAMES
from features.engine.declare import Declarations
from features.engine.namespace import LOWERS_RISK, Expr, Formula, Namespace

TABLE = "estimates"
DECLARED = Declarations(TABLE)
feature = DECLARED.feature

EXPECTED = tuple(f"{name}_expected" for name in NAMES)
"""The columns that an estimate gives."""


def _expected(column: str) -> Formula:
    def formula(x: Namespace) -> Expr:
        return x.col(column)

    formula.__name__ = column
    formula.__doc__ = "What the score usually is in cases whose form is like this one."
    return formula


def _filled(name: str) -> Formula:
    def formula(x: Namespace) -> Expr:
        return filled(x, name)

    formula.__name__ = f"{name}_filled"
    formula.__doc__ = "The score where it is known, what is expected where it is not."
    return formula


def filled(x: Namespace, name: str) -> Expr:
    """Return a score, or what is expected of it where it is not known."""
    known = x.col(name)
    return x.when(~known.is_null()).then(known).otherwise(x.col(f"{name}_expected"))


for _number, _name in enumerate(NAMES, start=1):
    feature(
        group="external_scores",
        unit="score",
        direction=LOWERS_RISK,
        label=(
            f"Note extérieure n° {_number} : d'ordinaire dans des dossiers comparables",
            f"External score no. {_number}: usual in comparable cases",
        ),
    )(_expected(f"{_name}_expected"))
    feature(
        group="external_scores",
        unit="score",
        direction=LOWERS_RISK,
        label=(
            f"Note extérieure n° {_number}, à défaut celle de dossiers comparables",
            f"External score no. {_number}, else that of comparable cases",
        ),
    )(_filled(_name))


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=(
        "Moyenne des trois notes extérieures, à défaut celles de dossiers comparables",
        "Average of the three external scores, else those of comparable cases",
    ),
)
def external_score_filled_mean(x: Namespace) -> Expr:
    """Mean of the three filled scores."""
    first, second, third = (filled(x, name) for name in NAMES)
    return (first + second + third) / 3.0
