"""The client's own page: the answer with its reasons, what is held, what can be asked."""

from __future__ import annotations

from markupsafe import Markup

from scoring.contract import OwnAssessment, ViewResponse
from ui.errors import NotAllowed, ServiceError, SessionExpired
from ui.figures.reasons import reason_facts
from ui.figures.risk import risk_sentence
from ui.format import Format
from ui.pages.dossier import dossier_page
from ui.reading import shown_reasons
from ui.rendering import render
from ui.words import Words

LOOKS = {"GRANT": "grant", "DECLINE": "decline", "REVIEW": "refer"}


def own_page(seen: ViewResponse, rights: Markup, form: Format) -> Markup:
    """Write the whole page; ``rights`` is the part with requests and forms."""
    words = form.words
    until = words("own.until", moment=form.moment(seen.expires_at))
    case = words("own.case", number=form.identifier(seen.client.client_id))
    return render(
        "own.html",
        form,
        about=f"{case} {words('own.only')} {until}",
        assessment=seen.assessment,
        answer=_answer(seen.assessment, form),
        reasons=_reasons(seen.assessment, form),
        rights=rights,
        dossier=dossier_page(seen.client, form, title="own.held"),
    )


def _answer(assessment: OwnAssessment | None, form: Format) -> Markup:
    """Say what was decided, by a person; without decision, that none was taken."""
    words = form.words
    if assessment is None:
        return render("own_answer.html", form, assessment=None)
    key = assessment.decision or "none"
    said = [words(f"own.{key}.sentence")]
    if assessment.decided_at is not None:
        said.append(words("own.decided", moment=form.moment(assessment.decided_at)))
    if assessment.motive:
        said.append(words("own.motive", motive=assessment.motive))
    return render(
        "own_answer.html",
        form,
        assessment=assessment,
        look=LOOKS.get(key, "refer"),
        title=words(f"own.{key}"),
        sentences=said,
        risk=risk_sentence(assessment.default_probability, assessment.cut_off, form),
    )


def _reasons(assessment: OwnAssessment | None, form: Format) -> Markup | None:
    if assessment is None or assessment.weighs is None or assessment.favours is None:
        return None
    weighs, favours = shown_reasons(assessment.weighs), shown_reasons(assessment.favours)
    return reason_facts(weighs, favours, "own", form)


def shut(error: ServiceError) -> bool:
    """Say whether the link is no good: expired, revoked, altered, or no client's."""
    return isinstance(error, SessionExpired | NotAllowed)


def closed_page(kind: str, words: Words) -> Markup:
    """Write the page in place of the client's: ``shut``, ``down`` or ``left``."""
    return render("own_closed.html", words, kind=kind)
