"""Why: the facts that move a client's score, on both sides, and what is left unsaid as one figure.

A contribution is what an item adds for this client, measured from the granted clients' average. A
reason is a fact whose contribution exceeds noise and which holds for this client's own data:

- its sentence follows from the values alone (``scoring.facts``);
- its figure differs, as it is written, from the granted clients' usual one;
- an item of known direction is told on the side its figure lies on: a lower effort rate than
  usual is never told as a weight, even where the average of all granted clients is lower still.

Items of one subject say the same thing: their contributions are added, and the strongest that
holds is told. So do subjects that end up in the same sentence ("No credit with another lender is
known." where amounts, dates and debts are all missing for that one cause): a person reads it once,
with all that it moves. Base plus all contributions is the raw score, whatever is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.raw.tables import Language, Words
from scoring.contract import ItemContribution, Reason
from scoring.facts import FACTS, SUBJECTS, Fact, Form, Value, figure
from scoring.metadata import Metadata

Floats = NDArray[np.float64]

MOST_REASONS = 4
LEAST_CONTRIBUTION = 0.02
"""Log-odds: less than this moves the odds by under 2 %, which is noise."""

_USUALLY = Words(
    "Chez les clients acceptés, d'ordinaire : {usual}.",
    "For accepted clients, usually: {usual}.",
)
"""Of a number: the usual figure is their median, which nobody may have more often than another."""
_MOST_OFTEN = Words(
    "Chez les clients acceptés, le plus souvent : {usual}.",
    "For accepted clients, most often: {usual}.",
)
"""Of a word, a yes or a no: the usual one is what most of them have in common."""
_USUALLY_OF = Words(
    "Chez les clients acceptés, d'ordinaire : {usual} ({label}).",
    "For accepted clients, usually: {usual} ({label}).",
)
"""Where the sentence says that there is none: it names no figure that the usual one could be of."""
_USUALLY_UNKNOWN = Words(
    "Pour la plupart des clients acceptés, ce n'est pas connu.",
    "For most accepted clients, this is not known.",
)


@dataclass(frozen=True)
class Explanation:
    """The part of an answer that explains it; ``contributions`` (k,) are log-odds by item."""

    base: float
    raw_score: float
    weighs: tuple[Reason, ...]
    favours: tuple[Reason, ...]
    others: float
    contributions: Floats
    _sheet: FactSheet
    _values: Mapping[str, Value]

    @cached_property
    def items(self) -> tuple[ItemContribution, ...]:
        """Every item with its contribution, the strongest first."""
        order = np.argsort(-np.abs(self.contributions), kind="stable").tolist()
        return tuple(
            self._sheet.line(place, float(self.contributions[place]), self._values)
            for place in order
        )

    @property
    def others_share(self) -> float:
        """The figure of the other elements beside the reasons': a share of 1, 0 when nothing moves.

        ``|others| / (|others| + sum of |reasons|)``.
        """
        said = sum(abs(reason.contribution) for reason in (*self.weighs, *self.favours))
        return abs(self.others) / (abs(self.others) + said) if self.others or said else 0.0


@dataclass(frozen=True, slots=True)
class _Told:
    """One item as it is told in one language: what does not change from client to client."""

    place: int
    item: str
    label: str
    direction: int
    unit: str
    usual: Value
    usual_text: str
    fact: Fact | None


class FactSheet:
    """What one scorecard can state in one language; immutable, made once, for all its clients.

    ``currency`` is the lender's, a code or a sign (``scoring.contract.currency``); amounts are
    written without any where it is empty.
    """

    def __init__(self, metadata: Metadata, language: Language, currency: str = "") -> None:
        self.language = language
        self.currency = currency
        self._base = metadata.granted.base
        typical = metadata.granted.typical
        self._told = tuple(
            self._describe(place, item, typical[item]) for place, item in enumerate(metadata.items)
        )
        self._by_subject: dict[str, list[_Told]] = {}
        for told in self._told:
            if told.fact is not None:
                self._by_subject.setdefault(told.fact.subject, []).append(told)

    def explain(
        self, values: Mapping[str, Value], contributions: Floats, raw_score: float
    ) -> Explanation:
        """Explain one client: values by name, contributions (k,) in the order of the items."""
        found = _each_once(self._reasons(values, contributions))
        reasons = sorted(found, key=lambda one: -abs(one.contribution))
        weighs = tuple(one for one in reasons if one.contribution > 0)[:MOST_REASONS]
        favours = tuple(one for one in reasons if one.contribution < 0)[:MOST_REASONS]
        said = sum(reason.contribution for reason in (*weighs, *favours))
        return Explanation(
            base=self._base,
            raw_score=raw_score,
            weighs=weighs,
            favours=favours,
            others=float(contributions.sum()) - said,
            contributions=contributions,
            _sheet=self,
            _values=values,
        )

    def line(
        self, place: int, contribution: float, values: Mapping[str, Value]
    ) -> ItemContribution:
        """Return one item's line: its contribution beside the client's figure and the usual one."""
        told = self._told[place]
        return ItemContribution(
            item=told.item,
            label=told.label,
            contribution=contribution,
            value=values[told.item],
            usual=told.usual,
            unit=told.unit,
            value_text=self._text(told, values[told.item]),
            usual_text=told.usual_text,
        )

    def _reasons(self, values: Mapping[str, Value], contributions: Floats) -> Iterator[Reason]:
        for subject, items in self._by_subject.items():
            total = float(sum(contributions[told.place] for told in items))
            if abs(total) < LEAST_CONTRIBUTION:
                continue
            side = 1 if total > 0 else -1
            pushing = [told for told in items if contributions[told.place] * side > 0]
            pushing.sort(key=lambda told: -abs(contributions[told.place]))
            yield from self._first_true(subject, pushing, values, total)

    def _first_true(
        self, subject: str, items: Sequence[_Told], values: Mapping[str, Value], total: float
    ) -> Iterator[Reason]:
        """Yield the reason of the strongest item whose fact holds, if there is one."""
        for told in items:
            assert told.fact is not None, "items are found by the subject of their fact"
            value, text = values[told.item], self._text(told, values[told.item])
            if text == told.usual_text or not _on_its_side(told, value, total):
                continue
            sentence = told.fact.sentence(values, self.language, self.currency)
            if sentence is None:
                continue
            yield Reason(
                item=told.item,
                label=told.label,
                subject=subject,
                subject_label=SUBJECTS[subject].in_(self.language),
                sentence=sentence,
                comparison=self._comparison(told, value),
                contribution=total,
                value=value,
                usual=told.usual,
                unit=told.unit,
                value_text=text,
                usual_text=told.usual_text,
            )
            return

    def _describe(self, place: int, item: str, usual: Value) -> _Told:
        feature, fact = CATALOGUE[item], FACTS.get(item)
        told = _Told(
            place=place,
            item=item,
            label=feature.label.in_(self.language),
            direction=feature.direction,
            unit=feature.unit if fact is None else fact.form,
            usual=usual,
            usual_text="",
            fact=fact,
        )
        return replace(told, usual_text=self._text(told, usual))

    def _comparison(self, told: _Told, value: Value) -> str:
        """Return how the usual figure is said beside the sentence of a client's ``value``."""
        assert told.fact is not None, "a reason is a fact"
        if told.usual is None:
            words = _USUALLY_UNKNOWN
        elif told.unit in {"word", "flag"}:
            words = _MOST_OFTEN
        elif value is None or (value == 0 and told.fact.none is not None):
            words = _USUALLY_OF
        else:
            words = _USUALLY
        return words.in_(self.language).format(usual=told.usual_text, label=told.label)

    def _text(self, told: _Told, value: Value) -> str:
        form: Form = "times" if told.fact is None else told.fact.form
        return figure(value, form, self.language, self.currency)


def _each_once(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """Yield one reason a sentence: the strongest on the side of all that say it, with their sum."""
    by_sentence: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_sentence.setdefault(reason.sentence, []).append(reason)
    for alike in by_sentence.values():
        if len(alike) == 1:
            yield alike[0]
            continue
        total = sum(reason.contribution for reason in alike)
        if abs(total) >= LEAST_CONTRIBUTION:
            strongest = max(alike, key=lambda reason: reason.contribution * total)
            yield strongest.model_copy(update={"contribution": total})


def _on_its_side(told: _Told, value: Value, contribution: float) -> bool:
    """Tell whether a directed item's figure lies on the side where it is about to be told."""
    if not told.direction or not isinstance(value, float) or not isinstance(told.usual, float):
        return True
    return (value - told.usual) * told.direction * contribution > 0
