"""The score bar: a straight scale of risk, the named dashed cut-off, the mark of this case."""

from __future__ import annotations

from scoring.contract import ScoreResponse
from ui.figures.figure import figure
from ui.figures.risk import Risk
from ui.format import Format
from ui.markup import TableData, element, text

ENDS = (0.3, 0.5, 0.75, 1.0)
"""Where the scale may end: the first that leaves room beyond the case and the cut-off."""


def scale_end(probability: float, cut_off: float) -> float:
    """Return the share the scale ends at, so that neither mark sits on its edge."""
    needed = 1.1 * max(probability, cut_off)
    return next((end for end in ENDS if needed <= end), 1.0)


def score_bar(answer: ScoreResponse, form: Format) -> str:
    """Draw where the case stands; the words say it before the drawing does."""
    risk = Risk.of_probability(answer.default_probability, answer.cut_off)
    caption = form.words(
        f"bar.caption.{'above' if risk.above else 'below'}",
        risk=form.number(risk.risk),
        limit=form.number(risk.limit),
        of=form.number(risk.of),
    )
    return figure(
        "score-bar", caption, _drawing(answer, form, risk), _numbers(answer, form, risk), form.words
    )


def _numbers(answer: ScoreResponse, form: Format, risk: Risk) -> TableData:
    words, decimals = form.words, max(1, risk.decimals)
    low, high = (form.percent(edge, decimals) for edge in answer.grey_zone)
    rows = (
        (words("bar.row.client"), form.percent(answer.default_probability, decimals)),
        (words("bar.row.cut_off"), form.percent(answer.cut_off, decimals)),
        (words("bar.row.zone"), words("bar.range", low=low, high=high)),
        (words("bar.row.points"), form.number(answer.points)),
        (words("bar.row.band"), answer.risk_band),
    )
    return TableData(words("bar.table"), (words("table.measure"), words("table.value")), rows)


def _drawing(answer: ScoreResponse, form: Format, risk: Risk) -> str:
    """Draw with positions in percent of the width: the letters keep their size on any screen."""
    end = scale_end(answer.default_probability, answer.cut_off)
    at = 100 * answer.default_probability / end
    cut = 100 * answer.cut_off / end
    low, high = (100 * min(edge / end, 1) for edge in answer.grey_zone)
    words, decimals = form.words, risk.decimals
    parts = (
        _label(
            cut, 16, words("bar.cut_off", share=form.percent(answer.cut_off, decimals)), "limit"
        ),
        _rectangle(0, 100, "track"),
        _rectangle(0, cut, "accepted"),
        _rectangle(low, high, "zone"),
        f'<line class="cut" x1="{cut:.2f}%" x2="{cut:.2f}%" y1="24" y2="68"/>',
        f'<svg x="{at:.2f}%" y="62" overflow="visible">'
        '<path class="mark" d="M0 0 L9 15 L-9 15 Z"/></svg>',
        _label(
            at,
            96,
            words("bar.client", share=form.percent(answer.default_probability, decimals)),
            "mark-label",
        ),
        text("text", form.percent(0), x="0", y="118", class_="end"),
        text("text", form.percent(end), x="100%", y="118", class_="end", text_anchor="end"),
    )
    return element("svg", *parts, width="100%", height="124", aria_hidden="true", focusable="false")


def _rectangle(start: float, stop: float, class_: str) -> str:
    width = max(0.0, stop - start)
    return f'<rect class="{class_}" x="{start:.2f}%" y="36" width="{width:.2f}%" height="22"/>'


def _label(at: float, y: int, words: str, class_: str) -> str:
    """Write a label under its mark, kept inside the drawing near the ends."""
    anchor = "start" if at < 25 else "end" if at > 75 else "middle"
    return text("text", words, x=f"{at:.2f}%", y=str(y), class_=class_, text_anchor=anchor)
