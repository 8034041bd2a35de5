"""The pictures of an explored archive, in French, drawn from its aggregates and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from features.raw.tables import APPLICATIONS
from flows.reports.documents.pictures import FR, Picture, bars_of
from flows.reports.documents.rate_chart import Rates, rate_chart, rate_table
from flows.reports.documents.words import WORDS
from flows.reports.figures import Bar, Chart

Values = Mapping[str, Any]
Archive = tuple[str, Values]

ARCHIVES = {
    "exploration": "jeu de la grille",
    "exploration_core": "Home Credit, avec historiques",
    "exploration_applications": "Home Credit, demandes",
}
AXES = {
    "external_score_1": "Note extérieure 1",
    "external_score_2": "Note extérieure 2",
    "external_score_3": "Note extérieure 3",
    "age_years": "Âge (années)",
    "employment_years": "Ancienneté dans l'emploi (années)",
    "income_total": "Revenu déclaré (milliers)",
    "amount_credit": "Montant du crédit (milliers)",
    "instalment_to_income_percent": "Mensualité rapportée au revenu (%)",
    "term_months": "Crédit rapporté à la mensualité (mois)",
    "phone_change_years": "Dernier changement de téléphone (années)",
}
SHORT = {
    "bureau": "crédits ailleurs",
    "bureau_balance": "suivi mensuel",
    "previous": "demandes passées",
    "pos": "prêts par mois",
    "instalments": "échéances",
    "cards": "cartes",
}
THOUSANDS = ("income_total", "amount_credit")


def archives(figures: Values) -> list[Archive]:
    """Return the explored archives with their names, that of the run first."""
    return [(name, figures[key]) for key, name in ARCHIVES.items() if figures.get(key)]


def curve(explored: Sequence[Archive], column: str) -> Picture:
    """Draw the default rate by band of a number, the missing ones last."""
    edges = explored[0][1]["curves"][column]["edges"]
    scale = 1000 if column in THOUSANDS else 1
    names = _band_names([edge / scale for edge in edges])
    curves = [(name, values["curves"][column]) for name, values in explored]
    series = [Rates(name, tuple(_placed(c["bands"], range(len(names))))) for name, c in curves]
    caption = _range_in_words(series[0])
    if any(c["missing"] for _, c in curves):
        names = (*names, "inconnu")
        series = [
            Rates(name, (*known.rates, c["missing"]))
            for known, (name, c) in zip(series, curves, strict=True)
        ]
    return _rates(column, AXES[column], caption, names, series)


def categories(explored: Sequence[Archive], column: str) -> Picture:
    """Draw the default rate by category."""
    names = sorted({g["group"] for _, values in explored for g in values["categories"][column]})
    series = [
        Rates(name, tuple(_placed(values["categories"][column], names)))
        for name, values in explored
    ]
    label = APPLICATIONS[column].label.fr
    shown = tuple(WORDS["fr"][str(name)] for name in names)
    return _rates(column, label, _range_in_words(series[0]), shown, series)


def scores_known(explored: Sequence[Archive]) -> Picture:
    """Draw the default rate by how many external scores are known."""
    counts = sorted({rate["group"] for _, values in explored for rate in values["scores_known"]})
    series = [
        Rates(name, tuple(_placed(values["scores_known"], counts))) for name, values in explored
    ]
    title = "Nombre de notes extérieures connues"
    caption = _range_in_words(series[0])
    return _rates("scores_known", title, caption, tuple(map(str, counts)), series)


def histories(explored: Values) -> Picture:
    """Draw the default rate of the clients with and without each history."""
    tables = [table for table in explored["tables"] if table["table"] != "applications"]
    names = tuple(SHORT[table["table"]] for table in tables)
    series = [
        Rates("avec historique", tuple(table["with"] for table in tables)),
        Rates("sans historique", tuple(table["without"] for table in tables)),
    ]
    gaps = [
        (name, table["without"]["rate"] - table["with"]["rate"])
        for name, table in zip(names, tables, strict=True)
        if table["with"] and table["without"]
    ]
    name, gap = max(gaps, key=lambda item: abs(item[1]), default=("aucune table", 0.0))
    caption = (
        f"L'écart le plus grand est celui de « {name} » : "
        f"{FR.signed(100 * gap, 1)} points sans historique."
    )
    key = f"histories-{explored['name']}"
    return _rates(key, f"Avec ou sans historique ({_origin(explored)})", caption, names, series)


def missing(explored: Values) -> Picture:
    """Draw the columns of the form that are missing most."""
    bars = [Bar(i["label"]["fr"], i["share"]) for i in explored["missing"]]
    caption = f"« {bars[0].name} » manque pour {FR.percent(bars[0].value, 0)} des clients."
    chart = Chart("Colonnes les plus absentes", "Part absente", "", "fr", "percent")
    return bars_of("missing", chart, caption, bars)


def drift(explored: Values) -> Picture:
    """Draw what moved most between labelled and unlabelled clients."""
    bars = [Bar(item["label"]["fr"], item["psi"]) for item in explored["drift"]]
    above = sum(item["level"] in {"watch", "alert"} for item in explored["drift"])
    caption = (
        f"{above} colonne{'s' if above > 1 else ''} au-dessus du seuil de surveillance "
        f"entre les clients étiquetés et les autres."
    )
    title = f"Indice de stabilité ({_origin(explored)})"
    return bars_of(f"drift-{explored['name']}", Chart(title, "PSI", "", "fr"), caption, bars)


def strongest(explored: Values) -> Picture:
    """Draw how well the best feature of each group ranks alone."""
    bars = [Bar(item["label"]["fr"], abs(item["gini"])) for item in explored["strongest"]]
    caption = f"La plus forte, seule : « {bars[0].name} », Gini {FR.decimal(bars[0].value, 2)}."
    title = f"Variables les plus fortes, une par groupe ({_origin(explored)})"
    return bars_of(f"strongest-{explored['name']}", Chart(title, "Gini", "", "fr"), caption, bars)


def _origin(explored: Values) -> str:
    """Return the name of an archive as readers know it."""
    key = {"run": "exploration"}.get(explored["name"], f"exploration_{explored['name']}")
    return ARCHIVES.get(key, str(explored["name"]))


def _rates(
    name: str, title: str, caption: str, names: Sequence[str], series: Sequence[Rates]
) -> Picture:
    svg = rate_chart(title, title, names, series)
    return Picture(name, title, caption, svg, *rate_table(title, names, series))


def _band_names(edges: Sequence[float]) -> tuple[str, ...]:
    written = [f"{edge:g}".replace(".", ",") for edge in edges]
    middle = [f"{a}–{b}" for a, b in pairwise(written)]
    return (f"< {written[0]}", *middle, f"≥ {written[-1]}")


def _placed(rates: Sequence[Values], groups: Sequence[Any]) -> list[Values | None]:
    found = {rate["group"]: rate for rate in rates}
    return [found.get(group) for group in groups]


def _range_in_words(series: Rates) -> str:
    shares = [rate["rate"] for rate in series.rates if rate]
    if not shares:
        return f"Trop peu de clients ({series.name})."
    return (
        f"Taux de défaut de {FR.percent(min(shares))} à {FR.percent(max(shares))} "
        f"selon la classe ({series.name})."
    )
