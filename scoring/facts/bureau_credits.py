"""Facts of the credits with other lenders: how many, how much, since when.

What other lenders do not report is not known: nothing is said to be absent that is only not
reported. A zero of the bureau is said as one.
"""

from __future__ import annotations

from collections.abc import Iterator

from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.shapes import Pair, since
from scoring.facts.subjects import NO_OPEN_CREDIT, NO_OTHER_CREDIT

VALUE: Pair = ("{value}", "{value}")
FROM_THE_PLANNED_END: Pair = ("{value} la fin prévue", "{value} the planned end")
FROM_THE_REQUEST: Pair = ("{value} la demande", "{value} the application")

_KINDS: tuple[tuple[str, Pair, Pair], ...] = (
    ("", ("crédits", "credits"), ("crédit", "credit")),
    ("open_", ("crédits en cours", "open credits"), ("crédit en cours", "open credit")),
    ("closed_", ("crédits terminés", "closed credits"), ("crédit terminé", "closed credit")),
    (
        "consumer_",
        ("crédits à la consommation", "consumer credits"),
        ("crédit à la consommation", "consumer credit"),
    ),
    ("card_", ("crédits par carte", "credit cards"), ("crédit par carte", "credit card")),
    ("car_", ("crédits automobiles", "car loans"), ("crédit automobile", "car loan")),
    ("home_", ("crédits immobiliers", "home loans"), ("crédit immobilier", "home loan")),
    ("micro_", ("microcrédits", "microloans"), ("microcrédit", "microloan")),
    (
        "open_consumer_",
        ("crédits à la consommation en cours", "open consumer credits"),
        ("crédit à la consommation en cours", "open consumer credit"),
    ),
    (
        "open_card_",
        ("crédits par carte en cours", "open credit cards"),
        ("crédit par carte en cours", "open credit card"),
    ),
    (
        "open_car_",
        ("crédits automobiles en cours", "open car loans"),
        ("crédit automobile en cours", "open car loan"),
    ),
    (
        "open_home_",
        ("crédits immobiliers en cours", "open home loans"),
        ("crédit immobilier en cours", "open home loan"),
    ),
)
"""Parts of the credits: the end of their features' names, and their words for many and for one."""

_RECENT: tuple[tuple[str, Pair], ...] = (
    ("half_year_", ("depuis six mois", "in the last six months")),
    ("year_", ("depuis un an", "in the last year")),
    ("2_years_", ("depuis deux ans", "in the last two years")),
    ("3_years_", ("depuis trois ans", "in the last three years")),
)

PARTS: dict[str, tuple[Pair, Pair]] = {
    **{part: (many, one) for part, many, one in _KINDS},
    **{
        part: (
            (f"crédits ouverts {fr}", f"credits opened {en}"),
            (f"crédit ouvert {fr}", f"credit opened {en}"),
        )
        for part, (fr, en) in _RECENT
    },
}


def why_unknown(part: str) -> tuple[Absence, ...]:
    """Return why nothing may be known of a part of the credits, from the widest reason."""
    if not part:
        return (NO_OTHER_CREDIT,)
    if part == "open_":
        return (NO_OTHER_CREDIT, NO_OPEN_CREDIT)
    fr, en = PARTS[part][1]
    nothing = absence(
        f"bureau_credits_{part}count",
        "zero",
        f"Aucun {fr} dans un autre établissement n'est connu.",
        f"No {en} with another lender is known.",
    )
    return (NO_OTHER_CREDIT, nothing)


def of_part(what: Pair, part: str) -> Pair:
    """Say ``what`` of which credits."""
    (fr, en), _ = PARTS[part]
    if not part:
        return f"{what[0]}, tous crédits ailleurs", f"{what[1]}, all credits elsewhere"
    return f"{what[0]}, {fr} ailleurs", f"{what[1]}, {en} elsewhere"


def said(
    item: str,
    subject: str,
    form: Form,
    what: Pair,
    why: tuple[Absence, ...] = (NO_OTHER_CREDIT,),
    *,
    none: Pair | None = None,
    written: Pair = VALUE,
) -> Fact:
    """Declare a fact said as ``what: figure``, or ``none`` when it is zero."""
    fr, en = what
    return fact(
        f"bureau_{item}",
        subject,
        form,
        known=(f"{fr} : {written[0]}.", f"{en}: {written[1]}."),
        none=none and (f"{none[0]}.", f"{none[1]}."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=why,
    )


def _count(part: str) -> Fact:
    """Declare how many credits of a part of them are known."""
    (many_fr, many_en), (one_fr, one_en) = PARTS[part]
    pause = "," if part in dict(_RECENT) else ""
    return fact(
        f"bureau_credits_{part}count",
        "other_credits",
        "count",
        known=(
            f"{many_fr.capitalize()}{pause} connus dans d'autres établissements : {{value}}.",
            f"{many_en.capitalize()}{pause} known with other lenders: {{value}}.",
        ),
        none=(
            f"Aucun {one_fr} dans un autre établissement n'est connu.",
            f"No {one_en} with another lender is known.",
        ),
        unknown=NO_OTHER_CREDIT.words,
    )


def share_said(
    item: str, subject: str, some: str, among: str, what: Pair, none: Pair, *why: Absence
) -> Fact:
    """Declare a share of the credits, said as the two counts behind it, or ``none`` when zero."""
    fr, en = what
    return fact(
        f"bureau_{item}",
        subject,
        "percent",
        known=(
            f"{fr} : {{some}} sur {{among}} ({{value}}).",
            f"{en}: {{some}} of {{among}} ({{value}}).",
        ),
        none=(f"{none[0]}.", f"{none[1]}."),
        unknown=(f"{fr} : information non connue.", f"{en}: not known."),
        absences=why,
        reads={"some": f"bureau_{some}", "among": f"bureau_{among}"},
    )


CREDITS = (
    *map(_count, PARTS),
    said(
        "kinds_count",
        "other_credits",
        "count",
        ("Types de crédit différents connus ailleurs", "Different types of credit known elsewhere"),
    ),
    share_said(
        "open_share",
        "other_credits",
        "credits_open_count",
        "credits_count",
        ("Encore en cours, tous crédits ailleurs", "Still open, all credits elsewhere"),
        ("Aucun crédit en cours n'est connu ailleurs", "No open credit is known elsewhere"),
        NO_OTHER_CREDIT,
    ),
)

_STATISTICS: dict[str, tuple[str, Form, dict[str, Pair]]] = {
    "borrowed": (
        "other_amounts",
        "amount",
        {
            "sum": ("Total emprunté connu", "Known total borrowed"),
            "mean": ("Montant moyen emprunté", "Average amount borrowed"),
            "max": ("Plus grand montant emprunté", "Largest amount borrowed"),
        },
    ),
    "debt": (
        "other_debt",
        "amount",
        {
            "sum": ("Total restant dû connu", "Known total still owed"),
            "max": ("Plus grand montant restant dû", "Largest amount still owed"),
        },
    ),
    "debt_to_credit": (
        "other_debt",
        "percent",
        {
            "mean": ("Part encore due, en moyenne", "Share still owed, on average"),
            "max": ("Plus grande part encore due", "Largest share still owed"),
        },
    ),
    "card_use": (
        "other_debt",
        "percent",
        {
            "mean": ("Part due des plafonds, en moyenne", "Share owed of the limits, on average"),
            "max": ("Plus grande part due d'un plafond", "Largest share owed of a limit"),
        },
    ),
    "planned_days": (
        "other_dates",
        "days",
        {
            "mean": ("Durée prévue moyenne", "Average planned length"),
            "max": ("Durée prévue la plus longue", "Longest planned length"),
        },
    ),
}
"""Measures of the credits: subject, form, and the words of each statistic."""


def _statistics() -> Iterator[Fact]:
    """Declare the amounts, shares and lengths over the parts of the credits."""
    recent = ("year_", "2_years_", "3_years_")
    for measure, statistic, parts in (
        ("borrowed", "sum", ("", "open_", "closed_", "consumer_", "card_", *recent)),
        ("borrowed", "mean", ("", "open_", "closed_")),
        ("borrowed", "max", ("", "open_", "closed_")),
        ("debt", "sum", ("", "open_", "consumer_", "card_", *recent)),
        ("debt", "max", ("", "open_")),
        ("debt_to_credit", "mean", ("", "open_", "consumer_", "card_")),
        ("debt_to_credit", "max", ("", "open_", "consumer_", "card_")),
        ("card_use", "mean", ("open_",)),
        ("card_use", "max", ("open_",)),
        ("planned_days", "mean", ("", "open_", "consumer_")),
        ("planned_days", "max", ("", "open_", "consumer_")),
    ):
        subject, form, words = _STATISTICS[measure]
        for part in parts:
            what = of_part(words[statistic], part)
            yield said(f"{measure}_{part}{statistic}", subject, form, what, why_unknown(part))


AMOUNTS = (
    *_statistics(),
    said(
        "total_debt_to_borrowed",
        "other_debt",
        "percent",
        of_part(
            ("Part encore due du total emprunté", "Share still owed of the total borrowed"), ""
        ),
    ),
    said(
        "open_debt_to_borrowed",
        "other_debt",
        "percent",
        of_part(
            ("Part encore due du total emprunté", "Share still owed of the total borrowed"), "open_"
        ),
        why_unknown("open_"),
    ),
    said(
        "limit_open_sum",
        "other_debt",
        "amount",
        of_part(("Total des plafonds connus", "Known limits in total"), "open_"),
        why_unknown("open_"),
        none=of_part(
            ("Aucun plafond au-dessus de zéro n'est connu", "No limit above zero is known"), "open_"
        ),
    ),
    *(
        said(
            f"instalment_{part}sum",
            "other_debt",
            "amount",
            of_part(("Total des mensualités connues", "Known instalments in total"), part),
            why_unknown(part),
            none=of_part(
                (
                    "Aucune mensualité au-dessus de zéro n'est connue",
                    "No instalment above zero is known",
                ),
                part,
            ),
            written=("{value} par mois", "{value} a month"),
        )
        for part in ("", "open_")
    ),
)


def _opened() -> Iterator[Fact]:
    """Declare when the credits were opened."""
    words = {
        "latest": ("Ouverture la plus récente", "Latest opening"),
        "oldest": ("Ouverture la plus ancienne", "Oldest opening"),
        "mean": ("Date moyenne d'ouverture", "Average date of opening"),
    }
    for part in ("", "open_", "closed_"):
        for statistic, what in words.items():
            item = f"bureau_opened_days_{part}{statistic}"
            yield since(item, "other_dates", of_part(what, part), *why_unknown(part))
    for part in ("consumer_", "card_", "car_"):
        item, what = f"bureau_opened_days_{part}latest", of_part(words["latest"], part)
        yield since(item, "other_dates", what, *why_unknown(part))


DATES = (
    *_opened(),
    *(
        said(
            f"end_days_{part}latest",
            "other_dates",
            "after_days",
            of_part(("Fin prévue la plus tardive", "Latest planned end"), part),
            why_unknown(part),
            none=of_part(
                (
                    "Fin prévue la plus tardive le jour de la demande",
                    "Latest planned end on the day of the application",
                ),
                part,
            ),
            written=FROM_THE_REQUEST,
        )
        for part in ("", "open_")
    ),
    since(
        "bureau_closed_days_latest",
        "other_dates",
        of_part(("Clôture la plus récente", "Latest closing"), ""),
        *why_unknown("closed_"),
    ),
    *(
        said(
            f"closed_late_days_{statistic}",
            "other_dates",
            "after_days",
            of_part(what, ""),
            why_unknown("closed_"),
            none=of_part(none, ""),
            written=FROM_THE_PLANNED_END,
        )
        for statistic, what, none in (
            (
                "mean",
                ("Clôture en moyenne", "Closing on average"),
                ("Clôture en moyenne à la fin prévue", "Closing on average on the planned end"),
            ),
            (
                "max",
                ("Clôture la plus en retard", "Closing at the latest"),
                (
                    "Clôture la plus en retard à la fin prévue",
                    "Closing at the latest on the planned end",
                ),
            ),
        )
    ),
    fact(
        "bureau_gap_days",
        "other_dates",
        "days",
        known=(
            "Intervalle moyen entre deux ouvertures de crédit ailleurs : {value}.",
            "Average gap between two credits opened elsewhere: {value}.",
        ),
        none=(
            "Tous les crédits connus ailleurs ont été ouverts le même jour.",
            "All credits known elsewhere were opened on the same day.",
        ),
        unknown=(
            "L'intervalle moyen entre crédits ailleurs demande au moins deux dates d'ouverture.",
            "The average gap between credits elsewhere takes at least two opening dates.",
        ),
        absences=(NO_OTHER_CREDIT,),
    ),
)

FACTS: tuple[Fact, ...] = (*CREDITS, *AMOUNTS, *DATES)
"""The facts of the credits themselves, in the order a grid lists them."""
