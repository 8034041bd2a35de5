"""What would turn the proposal, found by scoring again, never by a formula.

Only what a client can change at the counter is moved: the amount, the term, the down payment.
Each lever moves one of them in commercial steps, and everything that follows from it: the same
term keeps the instalment in proportion, a smaller credit for the same goods is a larger down
payment. The nearest step that is granted is proposed. A cause that no lever can change (a thin
file, no external score ...) is said instead.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from features.one import client_row
from features.tables import Language, Words
from scoring.assess import assess
from scoring.contract import ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.scorecard import Scorecard
from scoring.verdict import propose

Application = Mapping[str, object]
History = Mapping[str, float | None] | None
Changes = dict[str, float]

STEPS = 24
SMALLEST_SHARE = 0.25
"""No less than a quarter of what was asked: below, it is another project."""
LONGEST_MONTHS = 60
LARGEST_TIMES = 2.0
"""No more than twice what was asked is looked at for the largest amount."""


@dataclass(frozen=True)
class Lever:
    """One change that turns the proposal into GRANT: the inputs' new values and the new risk."""

    name: str
    changes: Changes
    default_probability: float

    @property
    def moves_the_amount(self) -> bool:
        """Whether it is another amount, over the same term."""
        return "amount_credit" in self.changes

    def sentence(self, language: Language) -> str:
        """Say the change in words, amounts in whole units of the lender's currency."""
        amounts = {key: _written(value, language) for key, value in self.changes.items()}
        return _WORDS[self.name].in_(language).format(**amounts)


@dataclass(frozen=True)
class Recourse:
    """Levers from the smallest change of risk up; the largest amount; what no lever can change."""

    verdict: Verdict
    levers: tuple[Lever, ...]
    largest_amount: float | None
    beyond_reach: tuple[ReferCause, ...]

    def sentence(self, language: Language) -> str:
        """Say the whole in one sentence."""
        if self.beyond_reach:
            return _BEYOND.in_(language)
        if self.verdict is Verdict.GRANT:
            return _GRANTED.in_(language)
        return (_REACHABLE if self.levers else _NO_LEVER).in_(language)


_WORDS = {
    "smaller_credit": Words(
        "Un crédit de {amount_credit} sur la même durée, avec une mensualité de {annuity}.",
        "A credit of {amount_credit} over the same term, with an instalment of {annuity}.",
    ),
    "larger_down_payment": Words(
        "Un apport plus élevé : un crédit de {amount_credit} pour le même bien.",
        "A larger down payment: a credit of {amount_credit} for the same goods.",
    ),
    "longer_term": Words(
        "Le même crédit sur une durée plus longue, avec une mensualité de {annuity}.",
        "The same credit over a longer term, with an instalment of {annuity}.",
    ),
    "shorter_term": Words(
        "Le même crédit sur une durée plus courte, avec une mensualité de {annuity}.",
        "The same credit over a shorter term, with an instalment of {annuity}.",
    ),
}
_BEYOND = Words(
    "Ce dossier est à étudier par une personne : aucun changement de la demande n'y suffit.",
    "This case is for a person to study: no change of the request is enough.",
)
_GRANTED = Words("La demande est déjà acceptable.", "The request can already be granted.")
_REACHABLE = Words(
    "Ces changements de la demande la rendraient acceptable.",
    "These changes would make the request grantable.",
)
_NO_LEVER = Words(
    "Aucun changement du montant, de la durée ou de l'apport ne suffit.",
    "No change of the amount, the term or the down payment is enough.",
)


def recourse(scorecard: Scorecard, application: Application, history: History) -> Recourse:
    """Find what would turn the proposal for this application, and the largest grantable amount."""
    now = assess(scorecard, application, history)
    beyond = tuple(c for c in now.refer_causes if c is not ReferCause.GREY_ZONE)
    if beyond:
        return Recourse(now.verdict, (), None, beyond)
    levers: list[Lever] = []
    if now.verdict is not Verdict.GRANT:
        found = (
            _nearest(scorecard, application, history, name, list(steps(application)))
            for name, steps in _LEVERS.items()
        )
        levers = sorted((lever for lever in found if lever), key=lambda lever: lever.name)
    granted = [lever.changes["amount_credit"] for lever in levers if lever.moves_the_amount]
    largest = largest_amount(scorecard, application, history)
    if granted:  # rounded otherwise, or for the same goods: what a lever grants is never denied
        largest = max(*granted, largest or 0.0)
    return Recourse(now.verdict, tuple(levers[:3]), largest, ())


def largest_amount(
    scorecard: Scorecard, application: Application, history: History
) -> float | None:
    """Return the largest rounded amount granted over the same term; ``None`` when there is none.

    Found by bisection: over the same term the risk never falls when the amount rises, because
    every feature that moves with it is directed. So every smaller amount is granted too.
    """

    def is_refused(changes: Changes) -> bool:
        ((verdict, _),) = _granted(scorecard, application, history, [changes])
        return verdict is not Verdict.GRANT

    scale = [changes for changes in _scale(application) if not _beyond(scorecard, changes)]
    granted = bisect_left(scale, True, key=is_refused)
    return scale[granted - 1]["amount_credit"] if granted else None


def _nearest(
    scorecard: Scorecard,
    application: Application,
    history: History,
    name: str,
    steps: Sequence[Changes],
) -> Lever | None:
    """Return the first of ``steps``, nearest first, that is granted."""
    if not steps:
        return None
    for changes, (verdict, probability) in zip(
        steps, _granted(scorecard, application, history, steps), strict=True
    ):
        if verdict is Verdict.GRANT:
            return Lever(name, changes, probability)
    return None


def _granted(
    scorecard: Scorecard, application: Application, history: History, steps: Sequence[Changes]
) -> list[tuple[Verdict, float]]:
    """Score every changed application at once; verdict and probability of each."""
    if not steps:
        return []
    card, cut_off = scorecard.metadata, scorecard.metadata.cut_off
    rows = [client_row({**application, **changes}, history, card.features) for changes in steps]
    matrix = np.concatenate([scorecard.encoder.row(row) for row in rows])
    probabilities = scorecard.default_probability(scorecard.raw_score(matrix)).tolist()
    return [_verdict(p, cut_off, scorecard, changes) for p, changes in
            zip(probabilities, steps, strict=True)]  # fmt: skip


def _verdict(
    probability: float, cut_off: CutOff, scorecard: Scorecard, changes: Changes
) -> tuple[Verdict, float]:
    beyond = _beyond(scorecard, changes)
    causes = (ReferCause.OUT_OF_RANGE,) if beyond else ()
    return propose(probability, cut_off, causes)[0], probability


def _beyond(scorecard: Scorecard, changes: Changes) -> bool:
    """Tell whether a change leaves the range of what the scorecard was taught."""
    ranges = scorecard.metadata.ranges
    return any(
        not ranges[name][0] <= value <= ranges[name][1]
        for name, value in changes.items()
        if name in ranges
    )


def commercial_step(amount: float) -> float:
    """Return the step of an amount: two digits count, the second by fives (406,597: 5,000)."""
    return 10.0 ** (math.floor(math.log10(amount)) - 1) / 2


def _number(application: Application, name: str) -> float | None:
    value = application.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _amounts(start: float, lowest: float) -> Iterator[float]:
    """Rounded amounts below ``start``, nearest first, at most ``STEPS`` of them."""
    step = commercial_step(start)
    step *= max(1, math.ceil((start - lowest) / step / STEPS))
    value = math.ceil(start / step) * step - step
    while value >= lowest and value > 0:
        yield value
        value -= step


def _smaller_credit(application: Application) -> Iterator[Changes]:
    credit, annuity = _number(application, "amount_credit"), _number(application, "annuity")
    goods = _number(application, "goods_price")
    if credit is None or annuity is None:
        return
    for amount in _amounts(credit, SMALLEST_SHARE * credit):
        changes = {"amount_credit": amount, "annuity": _rounded(annuity * amount / credit)}
        if goods is not None:
            changes["goods_price"] = _rounded(goods * amount / credit)
        yield changes


def _larger_down_payment(application: Application) -> Iterator[Changes]:
    credit, annuity = _number(application, "amount_credit"), _number(application, "annuity")
    if credit is None or annuity is None or _number(application, "goods_price") is None:
        return
    for amount in _amounts(credit, SMALLEST_SHARE * credit):
        yield {"amount_credit": amount, "annuity": _rounded(annuity * amount / credit)}


def _longer_term(application: Application) -> Iterator[Changes]:
    credit, annuity = _number(application, "amount_credit"), _number(application, "annuity")
    if credit is None or annuity is None:
        return
    for amount in _amounts(annuity, credit / LONGEST_MONTHS):
        yield {"annuity": amount}


def _shorter_term(application: Application) -> Iterator[Changes]:
    annuity, income = _number(application, "annuity"), _number(application, "income_total")
    if annuity is None or income is None:
        return
    step = commercial_step(annuity)
    value = (math.floor(annuity / step) + 1) * step
    while value <= min(2 * annuity, income / 3):
        yield {"annuity": value}
        value += step


_LEVERS: dict[str, Callable[[Application], Iterator[Changes]]] = {
    "smaller_credit": _smaller_credit,
    "larger_down_payment": _larger_down_payment,
    "longer_term": _longer_term,
    "shorter_term": _shorter_term,
}


def _scale(application: Application) -> list[Changes]:
    """Amounts from a quarter of what was asked to twice as much, rising, over the same term.

    Instalment and goods stay in exact proportion: rounding them would move the term by a hair.
    """
    credit = _number(application, "amount_credit")
    if credit is None:
        return []
    step = commercial_step(credit)
    first, last = (
        math.ceil(SMALLEST_SHARE * credit / step),
        math.floor(LARGEST_TIMES * credit / step),
    )
    held = {
        name: _number(application, name) for name in ("amount_credit", "annuity", "goods_price")
    }
    return [
        {name: value * (count * step / credit) for name, value in held.items() if value is not None}
        | {"amount_credit": count * step}
        for count in range(first, last + 1)
    ]


def _rounded(amount: float) -> float:
    step = commercial_step(amount) / 5
    return round(amount / step) * step


def _written(amount: float, language: Language) -> str:
    separator = "\u202f" if language == "fr" else ","
    return f"{amount:,.0f}".replace(",", separator)
