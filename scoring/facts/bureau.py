"""Facts of the delays with other lenders: those reported of each credit, and month by month.

The monthly record counts a month of one credit: two credits late in one month are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring.facts import bureau_credits
from scoring.facts.bureau_credits import VALUE, of_part, said, why_unknown
from scoring.facts.declare import Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.shapes import Pair
from scoring.facts.subjects import NO_OTHER_CREDIT

_REPORTED: tuple[tuple[str, Form, Pair, Pair], ...] = (
    (
        "overdue_sum",
        "amount",
        ("Total en retard au dernier relevé", "Total past due when last reported"),
        (
            "Aucun montant en retard connu au dernier relevé",
            "No amount known as past due when last reported",
        ),
    ),
    (
        "overdue_max",
        "amount",
        ("Plus grand retard au dernier relevé", "Largest amount past due when last reported"),
        (
            "Aucun montant en retard connu au dernier relevé",
            "No amount known as past due when last reported",
        ),
    ),
    (
        "overdue_days_max",
        "days",
        ("Plus long retard au dernier relevé", "Longest delay when last reported"),
        ("Aucun retard connu au dernier relevé", "No delay known when last reported"),
    ),
    (
        "overdue_credits_count",
        "count",
        ("En retard au dernier relevé", "Past due when last reported"),
        ("Aucun retard connu au dernier relevé", "No delay known when last reported"),
    ),
    (
        "prolonged_sum",
        "count",
        ("Prolongations", "Extensions"),
        ("Aucune prolongation connue", "No extension known"),
    ),
    (
        "sold_or_bad_count",
        "count",
        ("Cédés ou passés en perte", "Sold or written off"),
        ("Aucun crédit cédé ni passé en perte connu", "No credit known as sold or written off"),
    ),
)
"""What is reported of all credits: the item, its form, its words, and those of a zero."""


def _once_overdue() -> Iterator[Fact]:
    """Declare the past delays of the credits: how many, which share, how much."""
    what = ("Déjà passés en retard", "Once past due")
    # Two credits in three say nothing of past delays: the share is that of those that do.
    share = (
        "Part déjà passée en retard, parmi ceux renseignés",
        "Share once past due, among those recorded",
    )
    none = ("Aucun retard passé connu", "No past delay known")
    most = ("Plus grand montant passé en retard", "Largest amount once past due")
    for part in ("", "open_", "year_", "2_years_", "3_years_"):
        counted = f"once_overdue_credits_{part}count"
        yield said(
            counted,
            "other_delays",
            "count",
            of_part(what, part),
            none=of_part(none, part),
        )
        if part != "open_":
            yield said(
                f"once_overdue_credits_{part}share",
                "other_delays",
                "percent",
                of_part(share, part),
                why_unknown(part),
                none=of_part(none, part),
            )
        if part in ("", "year_", "2_years_"):
            yield said(
                f"largest_overdue_{part}max",
                "other_delays",
                "amount",
                of_part(most, part),
                why_unknown(part),
                none=of_part(none, part),
            )


DELAYS = (
    *(
        said(item, "other_delays", form, of_part(what, ""), none=of_part(none, ""))
        for item, form, what, none in _REPORTED
    ),
    *_once_overdue(),
)

NO_MONTH = absence(
    "bureau_late_months_count",
    "unknown",
    "Aucun relevé mensuel d'un crédit ailleurs n'est connu.",
    "No monthly record of a credit elsewhere is known.",
)
WINDOWS: dict[str, Pair] = {
    "": ("", ""),
    **{
        f"{months}_months_": (f" sur {months} mois", f" over {months} months")
        for months in (3, 6, 12, 24, 36)
    },
}
YEARS = ("", "12_months_", "24_months_")
NO_LATE_RECORD: Pair = (
    "Aucun relevé mensuel en retard connu{}, crédits ailleurs",
    "No late monthly record known{}, credits elsewhere",
)
LEVEL: Pair = (
    "niveau {value} (1 : 30 jours au plus ; 5 : plus de 120)",
    "level {value} (1: 30 days at most; 5: more than 120)",
)
"""Each level is thirty days more; the last one holds credits written off too."""


def _monthly(
    measure: str,
    statistic: str,
    form: Form,
    what: Pair,
    windows: Iterable[str],
    none: Pair,
    written: Pair = VALUE,
) -> Iterator[Fact]:
    """Declare a figure of the monthly record over windows of time, said where words have {}."""
    for window in windows:
        fr, en = WINDOWS[window]
        yield said(
            f"{measure}_{window}{statistic}",
            "other_delays",
            form,
            (what[0].format(fr), what[1].format(en)),
            (NO_OTHER_CREDIT, NO_MONTH),
            none=(none[0].format(fr), none[1].format(en)),
            written=written,
        )


MONTHS = (
    *_monthly(
        "late_months",
        "count",
        "count",
        (
            "Mois en retard{}, tous crédits ailleurs confondus",
            "Late months{}, all credits elsewhere together",
        ),
        WINDOWS,
        (
            "Aucun mois en retard connu{}, crédits ailleurs",
            "No late month known{}, credits elsewhere",
        ),
    ),
    *_monthly(
        "very_late_months",
        "count",
        "count",
        (
            "Mois en retard de plus de 30 jours{}, tous crédits ailleurs confondus",
            "Months more than 30 days late{}, all credits elsewhere together",
        ),
        ("", "24_months_"),
        (
            "Aucun mois en retard de plus de 30 jours connu{}, crédits ailleurs",
            "No month more than 30 days late known{}, credits elsewhere",
        ),
    ),
    *_monthly(
        "late_months",
        "share",
        "percent",
        (
            "Part de mois en retard parmi les relevés mensuels renseignés{}, crédits ailleurs",
            "Share of late months among the monthly records with a status{}, credits elsewhere",
        ),
        YEARS,
        NO_LATE_RECORD,
    ),
    *_monthly(
        "on_time_months",
        "share",
        "percent",
        (
            "Part des relevés mensuels à jour{}, crédits ailleurs",
            "Share of monthly records that are on time{}, credits elsewhere",
        ),
        YEARS,
        (
            "Aucun relevé mensuel à jour{}, crédits ailleurs",
            "No monthly record on time{}, credits elsewhere",
        ),
    ),
    *_monthly(
        "month_severity",
        "max",
        "count",
        ("Retard le plus long{}, crédits ailleurs", "Longest delay{}, credits elsewhere"),
        YEARS,
        NO_LATE_RECORD,
        LEVEL,
    ),
    fact(
        "bureau_last_late_month",
        "other_delays",
        "since_months",
        known=(
            "Dernier mois en retard sur un crédit ailleurs : il y a {value}.",
            "Last late month on a credit elsewhere: {value} ago.",
        ),
        none=(
            "Dernier mois en retard sur un crédit ailleurs : celui de la demande.",
            "Last late month on a credit elsewhere: that of the application.",
        ),
        unknown=(
            "Aucun mois en retard n'est connu sur les crédits ailleurs.",
            "No late month is known on credits elsewhere.",
        ),
        absences=(NO_OTHER_CREDIT, NO_MONTH),
    ),
)

FACTS: tuple[Fact, ...] = (*bureau_credits.FACTS, *DELAYS, *MONTHS)
"""The facts of the credits with other lenders, in the order a grid lists them."""
