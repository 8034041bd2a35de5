"""The Décision tab: what is proposed, where the case stands, why, and how sure it is."""

from __future__ import annotations

from scoring.contract import ClientResponse, ExplainResponse, Verdict
from ui.figures.reasons import SHAPES, others_side, reason_bars, total_weight
from ui.figures.risk import risk_sentence
from ui.figures.score_bar import score_bar
from ui.format import Format
from ui.markup import TableData, details, element, hidden_shape, listing, table, text
from ui.pages.dossier import missing_in_application
from ui.reading import NEVER_SHOWN

MOST_ITEMS = 40
"""Items listed one by one; the lighter ones would not be read."""

LEAST_SHOWN = 0.005
"""Share of the total weight under which a theme is left out of the table."""


def band(answer: ExplainResponse, form: Format) -> str:
    """Write the proposal: a shape, words, a sentence; the colour only repeats them."""
    words, key = form.words, f"verdict.{answer.verdict.value}"
    title = element(
        "h2",
        hidden_shape(words(f"{key}.shape")),
        text("span", words(f"{key}.title"), class_="proposed"),
        text("span", f" — {words(f'{key}.confirm')}", class_="confirm"),
    )
    return element(
        "div",
        title,
        element("p", risk_sentence(answer.default_probability, answer.cut_off, form)),
        text("p", words("verdict.proposal"), class_="aside"),
        class_=f"band band-{answer.verdict.value.lower()}",
    )


def decision_page(answer: ExplainResponse, form: Format) -> str:
    """Write where the case stands and why."""
    return element(
        "div",
        _part(form.words("bar.title"), score_bar(answer, form)),
        _part(form.words("reasons.title"), reason_bars(answer, form), _reading_key(answer, form)),
        _details(answer, form),
        class_="page",
    )


def beside_page(answer: ExplainResponse, client: ClientResponse, form: Format) -> str:
    """Write what stands beside the advisor's decision: cautions, and the reference."""
    return element("div", _cautions(answer, client, form), _record(answer, form), class_="page")


def _part(title: str, *inside: str, class_: str = "part") -> str:
    return element("section", text("h3", title), *inside, class_=class_)


def _cautions(answer: ExplainResponse, client: ClientResponse, form: Format) -> str:
    """Say what lowers confidence, in the service's words or, without them, in ours."""
    words = form.words
    said = list(answer.cautions) or [words(f"refer.{c.value}") for c in answer.refer_causes]
    missing = missing_in_application(client)
    if missing:
        sentence = words.count("cautions.missing", missing)
        said.append(words("cautions.missing", sentence=sentence))
    if not said:
        return ""
    title = "refer.title" if answer.verdict is Verdict.REFER else "cautions.title"
    return _part(words(title), listing(said), class_="part cautions")


def _reading_key(answer: ExplainResponse, form: Format) -> str:
    words = form.words
    said = [
        words(f"reasons.none.{side}") for side in ("weighs", "favours") if not getattr(answer, side)
    ]
    said.append(words("reasons.key"))
    if any("external" in reason.group for reason in answer.weighs):
        said.append(words("reasons.external"))
    return "".join(text("p", sentence, class_="aside") for sentence in said)


def _details(answer: ExplainResponse, form: Format) -> str:
    words = form.words
    return _part(
        words("details.title"),
        details(words("details.groups"), _scroll(_groups(answer, form))),
        details(words("details.items"), _scroll(_items(answer, form))),
    )


def _scroll(data: TableData) -> str:
    return element(
        "div", table(data), class_="scroll", tabindex="0", role="region", aria_label=data.caption
    )


def _side(contribution: float, form: Format) -> str:
    side = "weighs" if contribution > 0 else "favours"
    return f"{SHAPES[side]} {form.words(f'reasons.{side}')}"


def _groups(answer: ExplainResponse, form: Format) -> TableData:
    words, total = form.words, total_weight(answer)
    shown = [
        g
        for g in answer.by_group
        if g.group not in NEVER_SHOWN and abs(g.contribution) >= LEAST_SHOWN * total
    ]
    shown.sort(key=lambda g: -abs(g.contribution))
    rest = sum(g.contribution for g in answer.by_group if g not in shown)
    rows = [
        (g.label, _side(g.contribution, form), form.percent(abs(g.contribution) / total))
        for g in shown
    ]
    side = words(f"reasons.others.{others_side(rest, total)}")
    rows.append((words("reasons.others"), side, form.percent(abs(rest) / total)))
    columns = (words("details.theme"), words("reasons.column.side"), words("reasons.column.weight"))
    return TableData(words("details.groups.caption"), columns, rows)


def _items(answer: ExplainResponse, form: Format) -> TableData:
    words = form.words
    counted = [f for f in answer.by_feature if f.contribution and f.group not in NEVER_SHOWN]
    counted.sort(key=lambda f: -abs(f.contribution))
    rows = []
    for item in counted[:MOST_ITEMS]:
        value, reference = form.pair(item.value, item.reference, item.unit, item.feature)
        known = reference if item.reference is not None else "–"
        rows.append((item.label, _side(item.contribution, form), value, known))
    columns = ("item", "side", "value", "reference")
    return TableData(
        words.count("details.items.caption", len(rows)),
        tuple(words(f"reasons.column.{column}") for column in columns),
        rows,
    )


def _record(answer: ExplainResponse, form: Format) -> str:
    words = form.words
    said = (
        words("record.assessment", id=answer.assessment_id),
        words("record.when", moment=form.moment(answer.assessed_at)),
        words("record.model", tag=answer.model_tag),
    )
    return _part(words("record.title"), listing(said), class_="part record")
