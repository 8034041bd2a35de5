"""Facts of the monthly records of credit cards with us: use, cash, payments, delays.

One record is one month of one card: averages are per card and per month.
"""

from __future__ import annotations

from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.periods import ALL, Part, months
from scoring.facts.portions import Portion
from scoring.facts.shapes import Pair
from scoring.facts.subjects import NO_CARD

YEAR = months(12)
COUNTED = (ALL, YEAR)
"""Periods whose records the catalogue counts."""
WINDOWS = (ALL, months(3), months(6), YEAR)

NONE_IN_A_YEAR = absence(
    "cards_months_12_months_count",
    "zero",
    "Aucun relevé de carte n'est connu sur 12 mois.",
    "No card record is known over the last 12 months.",
)


def _none_over(part: Part) -> tuple[Absence, ...]:
    """Why nothing is known over ``part``, from the widest absence to the narrowest."""
    return (NO_CARD, NONE_IN_A_YEAR) if part == YEAR else (NO_CARD,)


_STATISTICS: dict[str, Pair] = {
    "mean": (", en moyenne", ", on average"),
    "max": (", au maximum", ", at the highest"),
}


def _figure(
    measure: str,
    statistic: str,
    subject: str,
    form: Form,
    what: Pair,
    part: Part,
    after: Pair = ("", ""),
    none: Pair | None = None,
) -> Fact:
    """Declare one figure of the records of ``part``; ``after`` follows it.

    ``none`` says that it is zero, for what is never below.
    """
    fr, en = f"{what[0]}{part.fr}", f"{what[1]}{part.en}"
    by_fr, by_en = _STATISTICS[statistic]
    return fact(
        part.item(f"cards_{measure}", statistic),
        subject,
        form,
        known=(f"{fr}{by_fr} : {{value}}{after[0]}.", f"{en}{by_en}: {{value}}{after[1]}."),
        none=None if none is None else (f"{none[0]}{part.fr}.", f"{none[1]}{part.en}."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=_none_over(part),
    )


USE: Pair = ("Solde de carte en part de son plafond", "Card balance as a share of its limit")
LIMIT: Pair = ("Plafond de carte", "Card limit")
MINIMUM: Pair = (" fois le minimum demandé", " times the minimum asked")

MONTHLY: dict[str, tuple[str, Form, Pair]] = {
    "balance": ("card_use", "amount", ("Solde de carte", "Card balance")),
    "drawings": (
        "card_drawings",
        "amount",
        ("Montant utilisé par carte et par mois", "Amount drawn per card and month"),
    ),
    "cash": (
        "card_cash",
        "amount",
        ("Montant retiré en espèces par carte et par mois", "Cash drawn per card and month"),
    ),
    "drawings_number": (
        "card_drawings",
        "count",
        ("Nombre d'utilisations par carte et par mois", "Number of drawings per card and month"),
    ),
    "cash_number": (
        "card_cash",
        "count",
        (
            "Nombre de retraits d'espèces par carte et par mois",
            "Number of cash drawings per card and month",
        ),
    ),
}
"""Averages over every window: the subject, the form and the words of each measure."""

AVERAGES = tuple(
    _figure(measure, "mean", subject, form, what, part)
    for measure, (subject, form, what) in MONTHLY.items()
    for part in WINDOWS
)

PAYMENTS = (
    *(
        _figure(
            "payment",
            "mean",
            "card_payments",
            "amount",
            ("Versement par carte et par mois", "Payment per card and month"),
            part,
        )
        for part in (ALL, months(6))
    ),
    *(
        _figure(
            "payment_to_minimum",
            "mean",
            "card_payments",
            "times",
            ("Versement mensuel sur une carte", "Monthly payment on a card"),
            part,
            MINIMUM,
            (
                "Aucun versement connu face à un minimum demandé",
                "No payment known towards a minimum",
            ),
        )
        for part in (ALL, months(6), YEAR)
    ),
    *(
        _figure(
            "payment_to_balance",
            "mean",
            "card_payments",
            "percent",
            ("Versement mensuel en part du solde de carte", "Monthly payment to the card balance"),
            part,
        )
        for part in (ALL, months(6), YEAR)
    ),
)


def _portion(kind: str, subject: str, fr: str, en: str, counted: tuple[Part, ...]) -> Portion:
    return Portion(
        f"cards_{kind}_months",
        "cards_months",
        subject,
        (f"Relevés de carte {fr}", f"Card records {en}"),
        ("aucun n'est connu", "none is known"),
        counted,
        _none_over,
    )


LATE = _portion("late", "card_delays", "en retard", "that are late", COUNTED)
OVER_LIMIT = _portion("over_limit", "card_use", "au-delà du plafond", "over the limit", COUNTED)
UNDER_MINIMUM = _portion(
    "under_minimum",
    "card_payments",
    "payés sous le minimum demandé",
    "paid below the minimum asked",
    COUNTED,
)
# Not every record has a limit or a minimum: these are shares of the records that have.
OVER_KNOWN_LIMIT = _portion(
    "over_limit",
    "card_use",
    "avec plafond qui le dépassent",
    "with a limit that are over it",
    (),
)
UNDER_KNOWN_MINIMUM = _portion(
    "under_minimum",
    "card_payments",
    "avec minimum demandé qui sont payés en dessous",
    "with a minimum asked that are paid below it",
    (),
)
COUNTS, SHARES = (LATE, OVER_LIMIT, UNDER_MINIMUM), (LATE, OVER_KNOWN_LIMIT, UNDER_KNOWN_MINIMUM)


def _longest_delay(part: Part) -> Fact:
    return fact(
        part.item("cards_days_past_due", "max"),
        "card_delays",
        "days",
        known=(
            f"Plus long retard relevé sur une carte{part.fr} : {{value}}.",
            f"Longest delay recorded on a card{part.en}: {{value}}.",
        ),
        none=(
            f"Aucun retard n'est relevé sur une carte{part.fr}.",
            f"No delay is recorded on a card{part.en}.",
        ),
        unknown=(
            f"Retards relevés sur une carte{part.fr} : information non connue.",
            f"Delays recorded on a card{part.en}: not known.",
        ),
        absences=_none_over(part),
    )


CASH_SHARE = (
    *(
        _figure(
            "cash_share",
            "mean",
            "card_cash",
            "percent",
            ("Part des espèces dans les utilisations du mois", "Share of cash in monthly drawings"),
            part,
            none=("Aucun retrait d'espèces par carte n'est connu", "No cash drawing is known"),
        )
        for part in WINDOWS
    ),
    fact(
        "cards_total_cash_share",
        "card_cash",
        "percent",
        known=(
            "Part des retraits d'espèces dans le total utilisé par carte : {value}.",
            "Share of cash in the total drawn by card: {value}.",
        ),
        none=(
            "Aucun retrait d'espèces par carte n'est connu.",
            "No cash drawing by card is known.",
        ),
        unknown=(
            "La part des espèces dans le total utilisé par carte ne peut pas être calculée.",
            "The share of cash in the total drawn by card cannot be computed.",
        ),
        absences=(NO_CARD,),
    ),
)

TOTALS = (
    fact(
        "cards_total_paid_to_drawn",
        "card_payments",
        "percent",
        known=(
            "Total versé en part du total utilisé par carte : {value}.",
            "Total paid as a share of the total drawn by card: {value}.",
        ),
        unknown=(
            "La part versée du total utilisé par carte ne peut pas être calculée.",
            "The share paid of the total drawn by card cannot be computed.",
        ),
        absences=(NO_CARD,),
    ),
    fact(
        "cards_count",
        "card_history",
        "count",
        known=("Cartes de crédit chez nous : {value}.", "Credit cards with us: {value}."),
        unknown=NO_CARD.words,
    ),
    fact(
        "cards_months_count",
        "card_history",
        "count",
        known=(
            "Relevés mensuels de carte connus : {value}.",
            "Monthly card records known: {value}.",
        ),
        unknown=("Nombre de relevés de carte non connu.", "Number of card records not known."),
        absences=(NO_CARD,),
    ),
)

FACTS: tuple[Fact, ...] = (
    *(
        _figure("use", statistic, "card_use", "percent", USE, part)
        for part in WINDOWS
        for statistic in ("mean", "max")
    ),
    *AVERAGES,
    _figure("limit", "mean", "card_limit", "amount", LIMIT, ALL),
    _figure("limit", "max", "card_limit", "amount", LIMIT, ALL),
    *CASH_SHARE,
    *(portion.count(part) for portion in COUNTS for part in COUNTED),
    *(portion.share(part) for portion in SHARES for part in COUNTED),
    *PAYMENTS,
    *(_longest_delay(part) for part in (ALL, months(6), YEAR)),
    *TOTALS,
)
