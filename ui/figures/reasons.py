"""The reasons on both sides of a centre line: what is in favour on the left, what weighs right."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from scoring.contract import ExplainResponse, Reason
from ui.figures.figure import figure
from ui.format import Format
from ui.markup import TableData, element, hidden_shape, text
from ui.words import Words

MOST_EACH_SIDE = 4
SHAPES = {"weighs": "▲", "favours": "▼", "others": "◆"}


def reason_bars(answer: ExplainResponse, form: Format) -> str:
    """Draw at most four reasons each side, then everything else as one bar."""
    return figure(
        "reason-bars",
        _caption(answer, form.words),
        _drawing(answer, form),
        _numbers(answer, form),
        form.words,
    )


def value_line(reason: Reason, form: Format) -> str:
    """Say the leading item's value, with the accepted clients' median in brackets if known."""
    value, reference = form.pair(reason.value, reason.reference, reason.unit, reason.feature)
    if reason.reference is None:
        return form.words("reasons.value.alone", label=reason.feature_label, value=value)
    return form.words("reasons.value", label=reason.feature_label, value=value, reference=reference)


def others_side(contribution: float, scale: float) -> str:
    """Say which side the rest is on; even when it is under one hundredth of the scale."""
    if abs(contribution) < 0.01 * scale:
        return "even"
    return "weighs" if contribution > 0 else "favours"


def total_weight(answer: ExplainResponse) -> float:
    """Return the sum of the groups' absolute contributions, never zero."""
    return sum(abs(group.contribution) for group in answer.by_group) or 1.0


def _caption(answer: ExplainResponse, words: Words) -> str:
    sides = [
        words(f"reasons.caption.{side}", list=", ".join(_lower(r.label) for r in reasons[:3]))
        for side, reasons in (("weighs", answer.weighs), ("favours", answer.favours))
        if reasons
    ]
    return " ".join(sides) or words("reasons.caption.none")


def _lower(label: str) -> str:
    """Put a label inside a sentence, leaving acronyms alone."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def _scale(answer: ExplainResponse) -> float:
    shown = [abs(r.contribution) for r in (*answer.weighs, *answer.favours)]
    return max([*shown, abs(answer.others)], default=0.0) or 1.0


def _drawing(answer: ExplainResponse, form: Format) -> str:
    words, scale = form.words, _scale(answer)
    head = element(
        "div",
        text("span", f"{SHAPES['favours']} {words('reasons.favours')}", class_="side favours"),
        text("span", f"{words('reasons.weighs')} {SHAPES['weighs']}", class_="side weighs"),
        class_="sides",
    )
    weighing = [_bar("weighs", r, form, scale) for r in answer.weighs[:MOST_EACH_SIDE]]
    favouring = [_bar("favours", r, form, scale) for r in answer.favours[:MOST_EACH_SIDE]]
    side = others_side(answer.others, scale)
    rest = _row(
        "weighs" if side == "weighs" else "favours",
        text("span", words("reasons.others"), class_="sentence")
        + text("span", words(f"reasons.others.{side}"), class_="item"),
        abs(answer.others) / scale,
        "others",
    )
    return element("div", head, *weighing, *favouring, rest, class_="rows")


def _bar(side: str, reason: Reason, form: Format, scale: float) -> str:
    said = hidden_shape(SHAPES[side]) + escape(reason.sentence)
    line = text("span", value_line(reason, form), class_="item")
    return _row(
        side,
        element("span", said, class_="sentence") + line,
        abs(reason.contribution) / scale,
        side,
    )


def _row(side: str, label: str, share: float, colour: str) -> str:
    """Write one row: the words on one side of the centre line, the bar on the other."""
    width = 100 * min(max(share, 0.01), 1)
    start = 0.0 if side == "weighs" else 100 - width
    bar = (
        '<svg width="100%" height="16" aria-hidden="true" focusable="false">'
        f'<rect class="{colour}" x="{start:.2f}%" y="0" width="{width:.2f}%" height="16"/></svg>'
    )
    return element(
        "div",
        element("div", label, class_="words"),
        element("div", bar, class_="bar"),
        class_=f"reason {side}",
    )


def _numbers(answer: ExplainResponse, form: Format) -> TableData:
    words = form.words
    columns = ("reason", "item", "side", "value", "reference", "weight")
    return TableData(
        words("reasons.table"),
        tuple(words(f"reasons.column.{column}") for column in columns),
        tuple(_number_rows(answer, form)),
    )


def _number_rows(answer: ExplainResponse, form: Format) -> Iterator[tuple[str, ...]]:
    words, total = form.words, total_weight(answer)
    for side, reasons in (("weighs", answer.weighs), ("favours", answer.favours)):
        for reason in reasons[:MOST_EACH_SIDE]:
            value, reference = form.pair(
                reason.value, reason.reference, reason.unit, reason.feature
            )
            yield (
                reason.sentence,
                reason.feature_label,
                words(f"reasons.{side}"),
                value,
                reference if reason.reference is not None else "–",
                form.percent(abs(reason.contribution) / total),
            )
    side = others_side(answer.others, _scale(answer))
    direction = words(f"reasons.others.{side}")
    yield (words("reasons.others"), "–", direction, "–", "–", "–")
