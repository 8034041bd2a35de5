"""What is proposed, where the case stands, why, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from scoring.contract import ClientResponse, ExplainResponse, Verdict
from ui.client_file import missing_in_application
from ui.figures.items import item_bars
from ui.figures.reasons import others_sentence, reason_facts
from ui.figures.risk import risk_sentence, score_bar
from ui.format import Format
from ui.rendering import render

EXTERNAL = "external_scores"
"""The subject of what other bodies say of the client."""


def band(answer: ExplainResponse, form: Format) -> Markup:
    """Write the proposal and what decided it."""
    risk = risk_sentence(answer.default_probability, answer.cut_off, form)
    return render("band.html", form, answer=answer, risk=risk)


def decision_page(answer: ExplainResponse, client: ClientResponse, form: Format) -> Markup:
    """Write where the case stands and why; first what the policy says, or why a study."""
    return render(
        "decision.html",
        form,
        rules=_said("cautions.title.policy", answer.rule_sentences, form),
        cautions=_cautions(answer, client, form) if studied(answer) else "",
        score_bar=score_bar(answer, form),
        reasons=reason_facts(answer.weighs, answer.favours, "reasons", form),
        others=others_sentence(answer, form),
        external=any(reason.subject == EXTERNAL for reason in answer.weighs),
        items=item_bars(answer.items, form) if answer.items else None,
    )


def beside_page(answer: ExplainResponse, client: ClientResponse, form: Format) -> Markup:
    """Write what stands beside the advisor's decision: other cautions, and the reference."""
    cautions = "" if studied(answer) else _cautions(answer, client, form)
    return render("beside.html", form, answer=answer, cautions=cautions)


def studied(answer: ExplainResponse) -> bool:
    """Say whether the calculation itself asks for a study: the cautions then say why."""
    return answer.verdict is Verdict.REFER and answer.decided_by == "scorecard"


def _cautions(answer: ExplainResponse, client: ClientResponse, form: Format) -> Markup:
    """Give the service's other sentences as they are, and how much is missing."""
    words, said = form.words, list(answer.cautions)
    missing = missing_in_application(client)
    if missing:
        sentence = words.count("cautions.missing", missing)
        said.append(words("cautions.missing", sentence=sentence))
    return _said("cautions.title.study" if studied(answer) else "cautions.title", said, form)


def _said(title: str, sentences: Sequence[str], form: Format) -> Markup:
    return render("cautions.html", form, title=title, sentences=sentences)
