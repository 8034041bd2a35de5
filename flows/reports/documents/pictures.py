"""The pictures of a run, in French, drawn from its figures and nothing else.

Each is a pair: the drawing with one sentence that says what to see, and its numbers as a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.reports import figures
from flows.reports.documents.formats import Formats
from flows.reports.documents.waterfall import waterfall
from flows.reports.documents.words import WORDS
from flows.reports.figures import Bar, Chart, Line
from scoring.grid import Curve
from scoring.points import points_of

Values = Mapping[str, Any]

FR = Formats("fr")
SVG = "http://www.w3.org/2000/svg"
POINTS_TABLED = 11
"""Points of a line that its table says."""
CURVES_SHOWN = 4
LONGEST = 44
"""Letters of a name beside a bar; the table says the whole."""


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG text, what it shows in one sentence, and its numbers as text."""

    name: str
    """That of its file, without extension."""
    title: str
    caption: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def file(self) -> str:
        """The drawing as a file of its own."""
        return self.svg.replace("<svg ", f'<svg xmlns="{SVG}" ', 1) + "\n"


def gain(run: Values) -> Picture:
    """Draw which share of the defaults stands in the riskiest share of the clients."""
    x, y = (run["curves"]["gain"][axis] for axis in "xy")
    fifth = min(range(len(x)), key=lambda at: abs(x[at] - 0.2))
    caption = (
        f"Les {FR.percent(x[fifth], 0)} de clients les plus risqués selon la grille tiennent "
        f"{FR.percent(y[fifth], 0)} des défauts."
    )
    axes = ("Part des clients, du plus au moins risqué", "Part des défauts trouvés")
    chart = Chart("Gain", *axes, "fr", "percent", "percent")
    lines = [Line("grille", x, y), Line("au hasard", (0.0, 1.0), (0.0, 1.0))]
    return Picture("gain", chart.title, caption, figures.line_chart(chart, lines), axes,
                   _thinned(x, y))  # fmt: skip


def cost(run: Values) -> Picture:
    """Draw the cost of errors by cut-off."""
    x, y = (run["curves"]["cost"][axis] for axis in "xy")
    caption = (
        f"À la limite choisie ({FR.percent(run['cut_off'], 2)}), un client coûte "
        f"{FR.decimal(run['metrics']['expected_cost'])} en moyenne."
    )
    axes = ("Limite (probabilité)", "Coût par client")
    chart = Chart("Coût des erreurs", *axes, "fr", "percent")
    svg = figures.line_chart(chart, [Line("clients de test", x, y)], ("limite", run["cut_off"]))
    rows = tuple((FR.percent(a, 1), FR.decimal(b)) for a, b in _some(x, y))
    return Picture("cost", chart.title, caption, svg, axes, rows)


def calibration(run: Values) -> Picture:
    """Draw said against observed default rates."""
    bins = run["calibration"]
    said, happened = [b["said"] for b in bins], [b["happened"] for b in bins]
    error = run["metrics"]["calibration_error"]
    caption = f"Écart moyen entre annoncé et observé : {FR.percent(error, 2)}."
    svg = figures.calibration_chart("Calibration", said, happened, "fr")
    rows = tuple((FR.percent(a, 2), FR.percent(b, 2)) for a, b in zip(said, happened, strict=True))
    head = ("Probabilité annoncée", "Taux de défaut observé")
    return Picture("calibration", "Calibration", caption, svg, head, rows)


def curves(run: Values, shown: int = CURVES_SHOWN) -> list[Picture]:
    """Draw the curves of the items that move clients most, in points."""
    return [_curve(place, item) for place, item in enumerate(run["items"][:shown], 1)]


def _curve(place: int, item: Values) -> Picture:
    label = item["label"]["fr"]
    found = Curve(item=item["item"], **item["curve"])
    svg = figures.item_curve(
        found, item["form"], label, "fr", categories=item["categories"], usual=item["usual"]
    )
    spread = max(found.effects) - min(found.effects)
    caption = f"{FR.whole(points_of(-spread))} points entre ses paliers extrêmes."
    rows = tuple(
        (FR.decimal(low, 4), FR.decimal(high, 4), FR.decimal(points_of(effect), 1))
        for (low, high), effect in zip(found.intervals, found.effects, strict=True)
    )
    return Picture(
        f"curve-{place}", label, caption, svg, ("au-dessus de", "jusqu'à", "points"), rows
    )


def contributions(run: Values, shown: int = 10) -> Picture:
    """Draw the items that move the answers most."""
    bars = [Bar(i["label"]["fr"], i["mean_contribution"]) for i in run["items"][:shown]]
    chart = Chart("Ce qui pèse dans les réponses", "Log-cotes", "", "fr")
    return bars_of("contributions", chart, f"« {bars[0].name} » pèse le plus.", bars)


def transparency(rows: Sequence[tuple[str, Values]]) -> Picture:
    """Draw what the reference ranks better than the grid, with 95 % intervals."""
    bars = [_gap(name, row["price"]["auc"], row["price"]["auc_error"]) for name, row in rows]
    beyond = [bar for bar in bars if bar.interval and bar.interval[0] > 0]
    caption = (
        f"La référence classe mieux, au-delà de ce que le hasard explique, dans {len(beyond)} "
        f"mesure{'s' if len(beyond) > 1 else ''} sur {len(bars)}."
    )
    chart = Chart("Prix de la transparence", "AUC de la référence moins AUC de la grille", "", "fr")
    return bars_of("transparency", chart, caption, bars, 4)


def unused(run: Values) -> Picture:
    """Draw what each input that is not used would add to the AUC."""
    bars = [_gap(WORDS["fr"][n], p["auc"], p["auc_error"]) for n, p in run["prices"].items()]
    beyond = sum(bool(bar.interval and bar.interval[0] > 0) for bar in bars)
    caption = f"Gain d'AUC au-delà de ce que le hasard explique : {beyond} sur {len(bars)}."
    chart = Chart("Prix de ce qui n'est pas utilisé", "AUC gagnée avec", "", "fr")
    return bars_of("unused", chart, caption, bars, 4)


def _gap(name: str, gap: float, error: float) -> Bar:
    return Bar(name, gap, (gap - 1.96 * error, gap + 1.96 * error))


def frontier(run: Values) -> Picture:
    """Draw the less discriminatory grids: what they cost, and how alike they serve."""
    found = run["frontier"]
    points = sorted(
        (
            (one["expected_cost"], one["served"])
            for one in (found["as_learnt"], *found["alternatives"])
        ),
    )
    chosen = found["chosen"]
    caption = (
        f"Avec la grille retenue, le rapport du groupe le moins bien servi vaut "
        f"{FR.decimal(chosen['served'], 2)} fois son plancher, pour un coût de "
        f"{FR.decimal(chosen['expected_cost'])}."
    )
    axes = ("Coût par client, hors pli", "Pire rapport, en fois son plancher")
    svg = figures.frontier(
        Chart("Frontière d'équité", *axes, "fr"),
        [cost for cost, _ in points],
        [served for _, served in points],
        (chosen["expected_cost"], chosen["served"]),
        found["as_learnt"]["expected_cost"] * (1 + found["tolerance"]),
    )
    rows = tuple((FR.decimal(a, 4), FR.decimal(b, 3)) for a, b in points)
    return Picture("frontier", "Frontière d'équité", caption, svg, axes, rows)


def selection(run: Values) -> Picture:
    """Draw how each group's good clients are served, beside the best-served group."""
    bars = [
        Bar(
            f"{WORDS['fr'][g['attribute']]} : {WORDS['fr'][g['group']]}",
            g["granted_good_ratio"]["value"],
            tuple(g["granted_good_ratio"]["interval"]),
        )
        for g in run["fairness"]["groups"]
    ]
    broken, doubtful = (len(run["fairness"][f"{w}_groups"]) for w in ("broken", "doubtful"))
    caption = (
        f"Sous son plancher, hors de doute : {broken} groupe{'s' if broken > 1 else ''} ; "
        f"douteux : {doubtful}."
    )
    chart = Chart("Bons clients accordés, par groupe", "Rapport au groupe le mieux servi", "", "fr")
    return bars_of("selection", chart, caption, bars, 2)


def explained(example: Values) -> Picture:
    """Draw how the facts of one case lead from the granted clients' average to its score."""
    said = example["words"]["fr"]
    told = [(r["subject"], r["contribution"]) for r in (*said["weighs"], *said["favours"])]
    told.append(("Autres éléments", said["others"]))
    title = "De la moyenne des clients accordés à ce dossier"
    svg = waterfall(title, said["base"], told)
    caption = (
        f"De {FR.signed(said['base'], 2)} (moyenne des accordés) à "
        f"{FR.signed(example['raw_score'], 2)} (ce dossier), en log-cotes."
    )
    rows = tuple((name, FR.signed(value, 3)) for name, value in told)
    return Picture("explained", title, caption, svg, ("Sujet", "Log-cotes"), rows)


def bars_of(name: str, chart: Chart, caption: str, bars: Sequence[Bar], digits: int = 3) -> Picture:
    """Return bars as a picture with its numbers; ``digits`` are those of the table."""
    drawn = [Bar(cut(bar.name), bar.value, bar.interval) for bar in bars]
    write = FR.percent if chart.x == "percent" else FR.decimal
    places = 1 if chart.x == "percent" else digits
    head: tuple[str, ...] = ("Élément", chart.x_label)
    rows: list[tuple[str, ...]] = [(bar.name, write(bar.value, places)) for bar in bars]
    if any(bar.interval for bar in bars):
        head = (*head, "Intervalle à 95 %")
        rows = [
            (*row, FR.between(bar.interval, digits) if bar.interval else "")
            for row, bar in zip(rows, bars, strict=True)
        ]
    return Picture(name, chart.title, caption, figures.bar_chart(chart, drawn), head, tuple(rows))


def cut(name: str, longest: int = LONGEST) -> str:
    """Return the name, its end replaced by an ellipsis when it is too long to be drawn."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _some(x: Sequence[float], y: Sequence[float]) -> list[tuple[float, float]]:
    step = max(1, (len(x) - 1) // (POINTS_TABLED - 1))
    return list(zip(x, y, strict=True))[::step]


def _thinned(x: Sequence[float], y: Sequence[float]) -> tuple[tuple[str, str], ...]:
    return tuple((FR.percent(a, 1), FR.percent(b, 1)) for a, b in _some(x, y))
