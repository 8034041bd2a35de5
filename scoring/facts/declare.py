"""What a fact is, and how one is declared.

A curve of the grid says *how much* an item weighs; a fact says *what* it is: one checkable
statement about the client's own data. It never says more than its values: which of its sentences
is said follows from the values alone, whatever the side on which the item weighs.

- the item is not known: the first of its ``absences`` that holds, else ``unknown``;
- it is zero, and zero has words of its own: ``none``;
- otherwise ``known``, with the figure in it, or the first of ``instead`` that holds.

Items that say the same thing share a ``subject``: a person is told it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from features.raw.tables import Language, Words
from scoring.facts.figures import Form, Value, figure

_PAST = ("since_days", "since_months")

Values = Mapping[str, Value]
"""Features of one client by name: numbers, words of categories, ``None`` for what is missing."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Why an item is not known: another feature is unknown itself, or zero; and how to say it."""

    feature: str
    when: Literal["unknown", "zero"]
    words: Words

    def holds(self, values: Values) -> bool:
        """Tell whether this is so for the client."""
        value = values.get(self.feature)
        return value is None if self.when == "unknown" else value == 0


@dataclass(frozen=True, slots=True)
class Fact:
    """The statement of one item. ``known`` holds ``{value}`` and the names of ``reads``.

    ``reads`` maps further placeholders of ``known`` to features of the catalogue, said as counts
    unless ``forms`` says otherwise. ``subject`` is a key of ``scoring.facts.subjects.SUBJECTS``.
    """

    item: str
    subject: str
    form: Form
    known: Words
    unknown: Words
    none: Words | None = None
    absences: tuple[Absence, ...] = ()
    instead: tuple[Absence, ...] = ()
    """Sentences with ``{value}`` that say a known figure where another feature is missing."""
    reads: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)

    @property
    def companions(self) -> frozenset[str]:
        """Features beside the item that the sentences read."""
        absences = (*self.absences, *self.instead)
        return frozenset(self.reads.values()) | {absence.feature for absence in absences}

    def sentence(self, values: Values, language: Language, currency: str = "") -> str | None:
        """Return the sentence that holds for these values; ``None`` when none can be said.

        Nothing can be said when a figure that the sentence needs beside the item is missing, or
        when a past moment lies ahead.
        """
        value = values.get(self.item)
        if value is None:
            holding = (absence.words for absence in self.absences if absence.holds(values))
            return next(holding, self.unknown).in_(language)
        if value == 0 and self.none is not None:
            return self.none.in_(language)
        if self.form in _PAST and isinstance(value, float) and value > 0:
            return None  # a day that lies ahead was not so long ago
        beside = {name: values.get(feature) for name, feature in self.reads.items()}
        if any(other is None for other in beside.values()):
            return None
        parts = {
            name: figure(other, self.forms.get(name, "count"), language, currency)
            for name, other in beside.items()
        }
        said = figure(value, self.form, language, currency)
        holding = (other.words for other in self.instead if other.holds(values))
        return next(holding, self.known).in_(language).format(value=said, **parts)

    def figure(self, value: Value, language: Language, currency: str = "") -> str:
        """Return the item's figure alone, as its sentence says it."""
        return figure(value, self.form, language, currency)


def fact(
    item: str,
    subject: str,
    form: Form,
    *,
    known: tuple[str, str],
    unknown: tuple[str, str],
    none: tuple[str, str] | None = None,
    absences: tuple[Absence, ...] = (),
    instead: tuple[Absence, ...] = (),
    reads: Mapping[str, str] | None = None,
    forms: Mapping[str, Form] | None = None,
) -> Fact:
    """Declare the fact of ``item``; each pair of sentences is French, then English."""
    return Fact(
        item=item,
        subject=subject,
        form=form,
        known=Words(*known),
        unknown=Words(*unknown),
        none=None if none is None else Words(*none),
        absences=absences,
        instead=instead,
        reads=reads or {},
        forms=forms or {},
    )


def absence(feature: str, when: Literal["unknown", "zero"], fr: str, en: str) -> Absence:
    """Declare why items are not known: ``feature`` is itself ``when``."""
    return Absence(feature, when, Words(fr, en))
