"""Shapes that many facts share: a column of the form, a figure computed from several, a date."""

from __future__ import annotations

from features.raw.tables import APPLICATIONS
from scoring.facts.declare import Absence, Fact, fact
from scoring.facts.figures import Form

Pair = tuple[str, str]
"""The same words in French, then in English."""


def column(
    item: str, subject: str, form: Form, known: Pair, none: Pair | None = None, *why: Absence
) -> Fact:
    """Declare the fact of a column of the form, which is not known under its own label.

    ``KeyError`` when the form has no such column.
    """
    label = APPLICATIONS[item].label
    unknown = (f"{label.fr} : information non connue.", f"{label.en}: not known.")
    return fact(item, subject, form, known=known, none=none, unknown=unknown, absences=why)


def computed(
    item: str,
    subject: str,
    form: Form,
    known: Pair,
    what: Pair,
    *why: Absence,
    none: Pair | None = None,
) -> Fact:
    """Declare the fact of a figure computed from several.

    ``what`` it is, masculine in French, is said when it cannot be computed and no ``why`` holds.
    """
    unknown = (f"{what[0]} ne peut pas être calculé.", f"{what[1]} cannot be computed.")
    return fact(item, subject, form, known=known, none=none, unknown=unknown, absences=why)


def since(item: str, subject: str, event: Pair, *why: Absence) -> Fact:
    """Declare how long before the application something happened."""
    fr, en = event
    return fact(
        item,
        subject,
        "since_days",
        known=(f"{fr} : il y a {{value}}.", f"{en}: {{value}} ago."),
        none=(f"{fr} : le jour de la demande.", f"{en}: on the day of the application."),
        unknown=(f"{fr} : date non connue.", f"{en}: date not known."),
        absences=why,
    )
