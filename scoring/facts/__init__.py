"""Facts: for each item a person can recognise, what may be said about it, and when it is true.

``declare`` says what a fact is, ``figures`` how a value is written, ``subjects`` what facts are
about; the other modules hold the sentences, table by table.
"""

from types import MappingProxyType

from scoring.facts import (
    bureau,
    commitments,
    external_scores,
    payments,
    previous,
    request,
    situation,
    submitted,
)
from scoring.facts.declare import Absence, Fact, Values
from scoring.facts.figures import Form, Value, figure, number
from scoring.facts.subjects import SUBJECTS

__all__ = ["FACTS", "SUBJECTS", "Absence", "Fact", "Form", "Value", "Values", "figure", "number"]

MODULES = (
    external_scores,
    request,
    commitments,
    situation,
    submitted,
    bureau,
    previous,
    payments,
)
"""What holds facts, in the order a grid lists them."""
FACTS = MappingProxyType({fact.item: fact for module in MODULES for fact in module.FACTS})
"""The fact of each item that may enter a grid, by the item's name."""
