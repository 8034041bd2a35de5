"""Facts of the instalments of loans with us: when they were paid, and how much of them.

One instalment is counted once, however many payments settle it. One that was due and never paid
is late to this day and wholly unpaid: what is said of late instalments holds for it too.
"""

from __future__ import annotations

from scoring.facts import cards
from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.periods import ALL, Part, days, latest
from scoring.facts.portions import Portion
from scoring.facts.shapes import Pair, since
from scoring.facts.subjects import NO_INSTALMENT

YEAR = Part("365_days", " sur un an", " over the last year")
TWO_YEARS = Part("730_days", " sur deux ans", " over the last two years")
PERIODS = (ALL, days(60), days(90), days(180), YEAR, TWO_YEARS)
LATEST = tuple(latest(count) for count in (3, 5, 10, 20))

INSTALMENTS = "instalments_fallen_due"
"""The measure that counts instalments."""

COUNTED = (ALL, YEAR)
"""Periods whose instalments the catalogue counts."""

NONE_IN_A_YEAR = absence(
    YEAR.item(INSTALMENTS, "count"),
    "zero",
    "Aucune échéance n'est connue sur un an.",
    "No instalment is known over the last year.",
)


def _none_over(part: Part) -> tuple[Absence, ...]:
    """Why nothing is known over ``part``, from the widest absence to the narrowest."""
    return (NO_INSTALMENT, NONE_IN_A_YEAR) if part == YEAR else (NO_INSTALMENT,)


def _portion(kind: str, subject: str, fr: str, en: str) -> Portion:
    return Portion(
        f"instalments_{kind}",
        INSTALMENTS,
        subject,
        (f"Échéances {fr}", f"Instalments {en}"),
        ("aucune n'est connue", "none is known"),
        COUNTED,
        _none_over,
    )


LATE = _portion("late", "delays_with_us", "en retard (réglées ou non)", "late (paid or not)")
VERY_LATE = _portion(
    "very_late", "delays_with_us", "en retard de plus de 7 jours", "more than 7 days late"
)
UNDERPAID = _portion("underpaid", "unpaid", "non réglées en entier", "not paid in full")


def _longest_delay(part: Part) -> Fact:
    """Declare the worst instalment's delay: before its date where every one was paid early."""
    fr, en = f"Plus long retard d'une échéance{part.fr}", f"Longest delay of an instalment{part.en}"
    return fact(
        part.item("instalments_late_days", "max"),
        "delays_with_us",
        "after_days",
        known=(f"{fr} : {{value}} la date prévue.", f"{en}: {{value}} its due date."),
        none=(f"{fr} : aucun.", f"{en}: none."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=_none_over(part),
    )


def _figure(
    measure: str, statistic: str, subject: str, form: Form, what: Pair, part: Part, tail: Pair
) -> Fact:
    """Declare one figure of the instalments of ``part``; ``tail`` says how it is summed up."""
    fr, en = f"{what[0]}{part.fr}", f"{what[1]}{part.en}"
    return fact(
        part.item(f"instalments_{measure}", statistic),
        subject,
        form,
        known=(f"{fr}{tail[0]} : {{value}}.", f"{en}{tail[1]}: {{value}}."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=_none_over(part),
    )


ON_AVERAGE: Pair = (", en moyenne", ", on average")
NO_TAIL: Pair = ("", "")
LATE_DAYS: Pair = ("Jours de retard par échéance", "Days late per instalment")
EARLY_DAYS: Pair = ("Jours d'avance par échéance", "Days early per instalment")
UNPAID: Pair = (
    "Total dû moins total réglé aux échéances",
    "Total due less total paid on instalments",
)
LARGEST_REST: Pair = ("Plus grand reste dû sur une échéance", "Largest rest due on an instalment")
OVERPAID: Pair = (" (négatif : trop réglé)", " (negative: overpaid)")
PAID_SHARE: Pair = ("Part réglée de chaque échéance", "Share paid of each instalment")

DELAYS = (
    *(_longest_delay(part) for part in (*PERIODS, *LATEST)),
    *(
        _figure("past_due_days", "mean", "delays_with_us", "count", LATE_DAYS, part, ON_AVERAGE)
        for part in (*PERIODS, *LATEST[:3])
    ),
    *(
        _figure("early_days", "mean", "payments", "count", EARLY_DAYS, part, ON_AVERAGE)
        for part in (ALL, days(180), YEAR, LATEST[2])
    ),
)

SHORTFALLS = (
    *(
        made
        for part in (ALL, days(90), days(180), YEAR)
        for made in (
            _figure("unpaid", "sum", "unpaid", "amount", UNPAID, part, NO_TAIL),
            _figure("unpaid", "max", "unpaid", "amount", LARGEST_REST, part, OVERPAID),
        )
    ),
    *(
        _figure("paid_share", "mean", "unpaid", "percent", PAID_SHARE, part, ON_AVERAGE)
        for part in (ALL, days(90), days(180), YEAR, LATEST[1], LATEST[2])
    ),
    fact(
        "instalments_total_paid_to_due",
        "unpaid",
        "percent",
        known=(
            "Part réglée du total dû aux échéances : {value}.",
            "Share paid of the total due on instalments: {value}.",
        ),
        unknown=(
            "La part réglée du total dû aux échéances ne peut pas être calculée.",
            "The share paid of the total due on instalments cannot be computed.",
        ),
        absences=(NO_INSTALMENT,),
    ),
)

_AMOUNTS: dict[tuple[str, str], Pair] = {
    ("paid", "sum"): ("Total réglé aux échéances", "Total paid on instalments"),
    ("paid", "mean"): ("Montant moyen réglé par échéance", "Average amount paid per instalment"),
    ("paid", "max"): (
        "Plus grand montant réglé à une échéance",
        "Largest amount paid on an instalment",
    ),
    ("due", "sum"): ("Total dû aux échéances", "Total due on instalments"),
    ("due", "mean"): ("Montant moyen dû par échéance", "Average amount due per instalment"),
    ("due", "max"): ("Plus grand montant dû à une échéance", "Largest amount due on an instalment"),
}

AMOUNTS = tuple(
    _figure(measure, statistic, "payment_amounts", "amount", what, part, NO_TAIL)
    for (measure, statistic), what in _AMOUNTS.items()
    for part in COUNTED
)


def _instalments(part: Part) -> Fact:
    return fact(
        part.item(INSTALMENTS, "count"),
        "loans_history",
        "count",
        known=(
            f"Échéances connues de prêts chez nous{part.fr} : {{value}}.",
            f"Instalments known of loans with us{part.en}: {{value}}.",
        ),
        none=(
            f"Aucune échéance d'un prêt chez nous n'est connue{part.fr}.",
            f"No instalment of a loan with us is known{part.en}.",
        ),
        unknown=(
            f"Le nombre d'échéances{part.fr} n'est pas connu.",
            f"The number of instalments{part.en} is not known.",
        ),
        absences=(NO_INSTALMENT,),
    )


LOANS = fact(
    "instalments_loans_count",
    "loans_history",
    "count",
    known=(
        "Prêts chez nous dont des échéances sont connues : {value}.",
        "Loans with us whose instalments are known: {value}.",
    ),
    unknown=NO_INSTALMENT.words,
)

MISSED = fact(
    "instalments_missed_count",
    "unpaid",
    "count",
    known=(
        "Échéances dues et jamais réglées : {value} sur {known}.",
        "Instalments due and never paid: {value} of {known}.",
    ),
    none=(
        "Échéances dues et jamais réglées : aucune n'est connue.",
        "Instalments due and never paid: none is known.",
    ),
    unknown=(
        "Échéances dues et jamais réglées : information non connue.",
        "Instalments due and never paid: not known.",
    ),
    absences=(NO_INSTALMENT,),
    reads={"known": ALL.item(INSTALMENTS, "count")},
)

STREAK = fact(
    "instalments_on_time_streak_count",
    "payments",
    "count",
    known=(
        "Dernières échéances de suite réglées à temps et en entier : {value}.",
        "Latest instalments in a row paid on time and in full: {value}.",
    ),
    none=(
        "La dernière échéance n'est pas connue comme réglée à temps et en entier.",
        "The latest instalment is not known to have been paid on time and in full.",
    ),
    unknown=(
        "Dernières échéances de suite réglées à temps et en entier : information non connue.",
        "Latest instalments in a row paid on time and in full: not known.",
    ),
    absences=(NO_INSTALMENT,),
)

LAST_LATE = fact(
    "instalments_last_late_days",
    "delays_with_us",
    "since_days",
    known=(
        "Dernière échéance en retard, réglée ou non : due il y a {value}.",
        "Latest instalment late, paid or not: due {value} ago.",
    ),
    none=(
        "Dernière échéance en retard, réglée ou non : due le jour de la demande.",
        "Latest instalment late, paid or not: due on the day of the application.",
    ),
    unknown=(
        "Aucune échéance en retard d'un prêt chez nous n'est connue.",
        "No late instalment of a loan with us is known.",
    ),
    absences=(NO_INSTALMENT,),
)

FACTS: tuple[Fact, ...] = (
    *(made for part in PERIODS for made in (LATE.count(part), LATE.share(part))),
    *(LATE.share(part) for part in LATEST),
    *(
        made
        for part in (ALL, *PERIODS[3:])
        for made in (VERY_LATE.count(part), VERY_LATE.share(part))
    ),
    *(
        made
        for part in (ALL, *PERIODS[2:5])
        for made in (UNDERPAID.count(part), UNDERPAID.share(part))
    ),
    *DELAYS,
    *SHORTFALLS,
    *AMOUNTS,
    *(_instalments(part) for part in COUNTED),
    MISSED,
    STREAK,
    LOANS,
    LAST_LATE,
    since(
        "instalments_due_days_oldest",
        "loans_history",
        ("Première échéance connue chez nous", "First instalment known with us"),
        NO_INSTALMENT,
    ),
    since(
        "instalments_paid_days_latest",
        "loans_history",
        ("Dernier règlement connu d'une échéance", "Latest known payment of an instalment"),
        NO_INSTALMENT,
    ),
    *cards.FACTS,
)
"""The facts of instalments, and of the monthly records of credit cards."""
