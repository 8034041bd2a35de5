"""What is true of a client before any table: how many past credits, and the latent traits.

A trait is a standard normal of the client that pulls one variable of all their past credits; it is
correlated with the application and with default, which is how histories come to tell something.
"""

from __future__ import annotations

from portfolio.variables import Variable

VARIABLES: tuple[Variable, ...] = (
    Variable("bureau_count", "number", step=1),
    Variable("previous_count", "number", step=1),
)

TRAITS: tuple[str, ...] = (
    "trait bureau type",
    "trait bureau age",
    "trait bureau status",
    "trait bureau amount",
    "trait bureau debt",
    "trait bureau overdue",
    "trait offer",
    "trait previous age",
    "trait previous amount",
    "trait late",
    "trait card use",
)
