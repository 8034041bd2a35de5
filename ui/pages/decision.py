"""The Décision tab: what is proposed, where the case stands, why, and how sure it is."""

from __future__ import annotations

from scoring.contract import ClientResponse, ExplainResponse, Verdict
from ui.figures.items import item_bars
from ui.figures.reasons import others_sentence, reason_facts
from ui.figures.risk import risk_sentence
from ui.figures.score_bar import score_bar
from ui.format import Format
from ui.markup import details, element, hidden_shape, listing, text
from ui.pages.dossier import missing_in_application

EXTERNAL = "external_scores"
"""The subject of what other bodies say of the client."""


def band(answer: ExplainResponse, form: Format) -> str:
    """Write the proposal and what decided it: a shape, words; the colour only repeats them."""
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
        text("p", words(f"verdict.by.{answer.decided_by}"), class_="aside"),
        class_=f"band band-{answer.verdict.value.lower()}",
    )


def decision_page(answer: ExplainResponse, client: ClientResponse, form: Format) -> str:
    """Write where the case stands and why; first what the policy says, or why a study."""
    return element(
        "div",
        _rules(answer, form),
        _cautions(answer, client, form) if studied(answer) else "",
        _part(form.words("bar.title"), score_bar(answer, form)),
        _part(form.words("reasons.title"), _reasons(answer, form)),
        _every_item(answer, form),
        class_="page",
    )


def beside_page(answer: ExplainResponse, client: ClientResponse, form: Format) -> str:
    """Write what stands beside the advisor's decision: other cautions, and the reference."""
    cautions = "" if studied(answer) else _cautions(answer, client, form)
    return element("div", cautions, _record(answer, form), class_="page")


def studied(answer: ExplainResponse) -> bool:
    """Say whether the calculation itself asks for a study: the cautions then say why."""
    return answer.verdict is Verdict.REFER and answer.decided_by == "scorecard"


def _part(title: str, *inside: str, class_: str = "part") -> str:
    return element("section", text("h3", title), *inside, class_=class_)


def _rules(answer: ExplainResponse, form: Format) -> str:
    """Give the sentences of the policy's rules that are met, whatever decided."""
    said = answer.rule_sentences
    if not said:
        return ""
    return _part(form.words("cautions.title.policy"), listing(said), class_="part cautions")


def _cautions(answer: ExplainResponse, client: ClientResponse, form: Format) -> str:
    """Give the service's other sentences as they are, and how much is missing."""
    words, said = form.words, list(answer.cautions)
    missing = missing_in_application(client)
    if missing:
        sentence = words.count("cautions.missing", missing)
        said.append(words("cautions.missing", sentence=sentence))
    if not said:
        return ""
    title = "cautions.title.study" if studied(answer) else "cautions.title"
    return _part(words(title), listing(said), class_="part cautions")


def _reasons(answer: ExplainResponse, form: Format) -> str:
    said = [others_sentence(answer, form)]
    if any(reason.subject == EXTERNAL for reason in answer.weighs):
        said.append(form.words("reasons.external"))
    facts = reason_facts(answer.weighs, answer.favours, "reasons", form)
    return facts + "".join(text("p", sentence) for sentence in said)


def _every_item(answer: ExplainResponse, form: Format) -> str:
    """Write the whole calculation behind the reasons, for who opens it."""
    if not answer.items:
        return ""
    words = form.words
    note = text("p", words("items.note"), class_="aside")
    return _part(
        words("items.title"), details(words("items.open"), note, item_bars(answer.items, form))
    )


def _record(answer: ExplainResponse, form: Format) -> str:
    words = form.words
    said = (
        words("record.assessment", id=answer.assessment_id),
        words("record.when", moment=form.moment(answer.assessed_at)),
        words("record.model", tag=answer.model_tag),
        words("record.policy", policy=answer.policy),
    )
    return _part(words("record.title"), listing(said), class_="part record")
