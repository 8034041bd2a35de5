"""Facts of the monthly records of loans with us: late months, and what remained to be paid.

One record is one month of one loan, so records are counted, not months: a person with two loans
has two records a month. What loans are *now* is what the last known record of each says.
"""

from __future__ import annotations

from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.periods import ALL, Part, months
from scoring.facts.portions import Portion
from scoring.facts.shapes import Pair
from scoring.facts.subjects import NO_APPROVED_LOAN, NO_LOAN_MONTH, NO_PAST_REQUEST

COUNTED = (ALL, months(12), months(24), months(60))
"""Periods whose records the catalogue counts."""

NOW = Part("now", " au dernier relevé de chaque prêt", " at the last record of each loan")

KINDS: dict[str, Pair] = {
    "": ("", ""),
    "_tolerant": (" (petits montants exclus)", " (small amounts left out)"),
}
"""Delays of any amount, and those that small amounts are left out of."""


def _none_over(part: Part) -> tuple[Absence, ...]:
    """Why nothing is known over ``part``, from the widest absence to the narrowest."""
    if part not in COUNTED[1:]:
        return (NO_LOAN_MONTH,)
    narrow = absence(
        part.item("pos_months", "count"),
        "zero",
        f"Aucun relevé mensuel de prêt n'est connu{part.fr}.",
        f"No monthly loan record is known{part.en}.",
    )
    return (NO_LOAN_MONTH, narrow)


LATE = tuple(
    Portion(
        f"pos_late{kind}_months",
        "pos_months",
        "delays_with_us",
        (f"Relevés mensuels de prêt en retard{fr}", f"Late monthly loan records{en}"),
        ("aucun n'est connu", "none is known"),
        COUNTED,
        _none_over,
    )
    for kind, (fr, en) in KINDS.items()
)


def _longest_delay(kind: str, part: Part) -> Fact:
    fr, en = KINDS[kind]
    return fact(
        part.item(f"pos_days_past_due{kind}", "max"),
        "delays_with_us",
        "days",
        known=(
            f"Plus long retard relevé sur un prêt{fr}{part.fr} : {{value}}.",
            f"Longest delay recorded on a loan{en}{part.en}: {{value}}.",
        ),
        none=(
            f"Aucun retard n'est relevé sur un prêt{fr}{part.fr}.",
            f"No delay is recorded on a loan{en}{part.en}.",
        ),
        unknown=(
            f"Retards relevés sur un prêt{fr}{part.fr} : information non connue.",
            f"Delays recorded on a loan{en}{part.en}: not known.",
        ),
        absences=_none_over(part),
    )


def _measured(item: str, subject: str, form: Form, what: Pair, part: Part, tail: Pair) -> Fact:
    """Declare what the records of ``part`` say in one figure; ``tail`` says how it is summed up."""
    fr, en = f"{what[0]}{part.fr}", f"{what[1]}{part.en}"
    return fact(
        item,
        subject,
        form,
        known=(f"{fr}{tail[0]} : {{value}}.", f"{en}{tail[1]}: {{value}}."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=_none_over(part),
    )


LEFT: Pair = ("Mensualités restant à régler", "Instalments left to pay")
LEFT_SHARE: Pair = ("Part des mensualités restant à régler", "Share of instalments left to pay")
TERM: Pair = ("Durée des prêts relevés", "Term of the loans recorded")
ON_AVERAGE: Pair = (", en moyenne", ", on average")
OVER_RECORDS: Pair = (", en moyenne des relevés", ", on average over the records")
AT_MOST: Pair = (", au maximum", ", at the highest")
IN_TOTAL: Pair = (", au total", ", in total")

REMAINING = (
    _measured("pos_remaining_months_now_sum", "loans_with_us", "count", LEFT, NOW, IN_TOTAL),
    _measured("pos_remaining_months_now_max", "loans_with_us", "count", LEFT, NOW, AT_MOST),
    *(
        _measured(
            part.item("pos_remaining_months", "mean"),
            "loans_with_us",
            "count",
            (f"{LEFT[0]} par relevé de prêt", f"{LEFT[1]} per loan record"),
            part,
            ON_AVERAGE,
        )
        for part in (ALL, months(3), months(6), months(12))
    ),
    _measured(
        "pos_remaining_share_now_mean", "loans_with_us", "percent", LEFT_SHARE, NOW, ON_AVERAGE
    ),
    _measured("pos_term_months_mean", "loans_terms", "months", TERM, ALL, OVER_RECORDS),
    _measured("pos_term_months_max", "loans_terms", "months", TERM, ALL, AT_MOST),
)


def _counted(item: str, subject: str, what: Pair, none: Pair, part: Part, **reads: str) -> Fact:
    """Declare a count of the records or loans of ``part``, among all those that ``reads`` names."""
    fr, en = f"{what[0]}{part.fr}", f"{what[1]}{part.en}"
    of_fr, of_en = (" sur {known}", " of {known}") if reads else ("", "")
    return fact(
        item,
        subject,
        "count",
        known=(f"{fr} : {{value}}{of_fr}.", f"{en}: {{value}}{of_en}."),
        none=(f"{none[0]}{part.fr}.", f"{none[1]}{part.en}."),
        unknown=(f"{fr} : nombre non connu.", f"{en}: number not known."),
        absences=(NO_LOAN_MONTH,),
        reads=reads,
    )


RECORDS: Pair = ("Relevés mensuels de prêt connus", "Monthly loan records known")
NO_RECORD: Pair = ("Aucun relevé mensuel de prêt n'est connu", "No monthly loan record is known")
OPEN: Pair = ("Prêts en cours", "Loans that are open")
NO_OPEN: Pair = ("Aucun prêt n'est en cours", "No loan is open")
SETTLED: Pair = ("Prêts soldés", "Loans that are paid off")
NO_SETTLED: Pair = ("Aucun prêt n'est soldé", "No loan is paid off")
SETTLED_RECORDS: Pair = ("Relevés d'un prêt soldé", "Records of a loan that is paid off")
NO_SETTLED_RECORD: Pair = (
    "Aucun relevé d'un prêt soldé n'est connu",
    "No record of a loan that is paid off is known",
)

COUNTS = (
    *(
        _counted(part.item("pos_months", "count"), "loans_history", RECORDS, NO_RECORD, part)
        for part in (ALL, months(12), months(24))
    ),
    _counted(
        "pos_loans_count",
        "loans_history",
        ("Prêts suivis chez nous", "Loans followed with us"),
        ("Aucun prêt suivi chez nous n'est connu", "No loan followed with us is known"),
        ALL,
    ),
    _counted(
        "pos_active_loans_now_count", "loans_with_us", OPEN, NO_OPEN, NOW, known="pos_loans_count"
    ),
    _counted(
        "pos_completed_loans_now_count",
        "loans_history",
        SETTLED,
        NO_SETTLED,
        NOW,
        known="pos_loans_count",
    ),
    *(
        _counted(
            part.item("pos_completed_loans", "count"),
            "loans_history",
            SETTLED_RECORDS,
            NO_SETTLED_RECORD,
            part,
        )
        for part in (months(6), months(12), months(24))
    ),
)


def _record(name: str, fr: str, en: str) -> Fact:
    return fact(
        f"pos_month_{name}",
        "loans_history",
        "since_months",
        known=(f"{fr} : il y a {{value}}.", f"{en}: {{value}} ago."),
        none=(f"{fr} : le mois de la demande.", f"{en}: in the month of the application."),
        unknown=(f"{fr} : date non connue.", f"{en}: date not known."),
        absences=(NO_LOAN_MONTH,),
    )


OPEN_INSTALMENTS = fact(
    "previous_annuity_open_sum",
    "loans_with_us",
    "amount",
    known=(
        "Mensualités des crédits obtenus chez nous sans date de fin connue, au total : {value}.",
        "Monthly instalments of credits obtained with us without a known end, in total: {value}.",
    ),
    none=(
        "Aucune mensualité d'un crédit obtenu chez nous n'est connue comme en cours.",
        "No monthly instalment of a credit obtained with us is known to be running.",
    ),
    unknown=(
        "Aucune mensualité d'un crédit obtenu chez nous n'est connue comme en cours.",
        "No monthly instalment of a credit obtained with us is known to be running.",
    ),
    absences=(NO_PAST_REQUEST, NO_APPROVED_LOAN),
)

FACTS: tuple[Fact, ...] = (
    *(late.count(part) for late in LATE for part in (ALL, months(6), *COUNTED[1:])),
    *(late.share(part) for late in LATE for part in (ALL, months(6), months(12))),
    *(
        _longest_delay(kind, part)
        for kind in KINDS
        for part in (ALL, months(6), months(12), months(24))
    ),
    *REMAINING,
    *COUNTS,
    _record("oldest", "Premier relevé de prêt connu", "First loan record known"),
    _record("latest", "Dernier relevé de prêt connu", "Latest loan record known"),
    OPEN_INSTALMENTS,
)
