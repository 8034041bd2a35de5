"""The client's own page: the answer with its reasons, what is held, what can be asked."""

from __future__ import annotations

from html import escape

from scoring.contract import OwnAssessment, ViewResponse
from ui.errors import NotAllowed, ServiceError, SessionExpired
from ui.figures.reasons import reason_facts
from ui.figures.risk import risk_sentence
from ui.format import Format
from ui.markup import element, hidden_shape, listing, text
from ui.pages.dossier import dossier_page
from ui.pages.frame import other_language, plain_page
from ui.reading import shown_reasons
from ui.theme import parts_script, style_sheet
from ui.words import Words

LOOKS = {"GRANT": "grant", "DECLINE": "decline", "REVIEW": "refer"}


def own_page(seen: ViewResponse, rights: str, form: Format) -> str:
    """Write the whole page; ``rights`` is the part with requests and forms."""
    words = form.words
    until = words("own.until", moment=form.moment(seen.expires_at))
    case = words("own.case", number=form.identifier(seen.client.client_id))
    body = element(
        "main",
        text("h1", words("own.title")),
        text("p", f"{case} {words('own.only')} {until}", class_="aside"),
        _answer(seen.assessment, form),
        _reasons(seen.assessment, form),
        element("div", rights, class_="place"),
        dossier_page(seen.client, form, title="own.held"),
        _files(words),
        class_="own page",
    )
    return plain_page(
        words, words("own.title"), _header(words) + body + parts_script(words), style_sheet()
    )


def _header(words: Words) -> str:
    other = other_language(words.language)
    leave = text("button", words("own.leave"), type="submit", class_="link")
    return element(
        "header",
        element("p", text("span", words("product"), class_="product"), class_="name"),
        element(
            "div",
            text("a", words("language.other"), href=f"/{other}/my", lang=other, hreflang=other),
            element("form", leave, method="post", action=f"/{words.language}/my/leave"),
            class_="links",
        ),
        class_="top",
    )


def _answer(assessment: OwnAssessment | None, form: Format) -> str:
    """Say what was decided, by a person; without decision, that none was taken."""
    words = form.words
    if assessment is None:
        return element("section", text("h2", words("own.waiting")), class_="band band-refer")
    key = assessment.decision or "none"
    said = [words(f"own.{key}.sentence")]
    if assessment.decided_at is not None:
        said.append(words("own.decided", moment=form.moment(assessment.decided_at)))
    if assessment.motive:
        said.append(words("own.motive", motive=assessment.motive))
    shape = {"GRANT": "GRANT", "DECLINE": "DECLINE"}.get(key, "REFER")
    title = hidden_shape(words(f"verdict.{shape}.shape")) + escape(words(f"own.{key}"))
    return element(
        "section",
        element("h2", title),
        *(text("p", one) for one in said),
        element("p", risk_sentence(assessment.default_probability, assessment.cut_off, form)),
        text("p", words("own.calculation"), class_="aside"),
        class_=f"band band-{LOOKS.get(key, 'refer')}",
    )


def _reasons(assessment: OwnAssessment | None, form: Format) -> str:
    if assessment is None:
        return ""
    words = form.words
    if assessment.weighs is None or assessment.favours is None:
        inside = text("p", words("own.reasons.lost"))
    else:
        weighs, favours = shown_reasons(assessment.weighs), shown_reasons(assessment.favours)
        inside = reason_facts(weighs, favours, "own", form)
    when = words("own.assessed", moment=form.moment(assessment.assessed_at))
    title = text("h2", words("own.reasons"))
    return element("section", title, text("p", when, class_="aside"), inside, class_="part")


def _files(words: Words) -> str:
    links = (
        element(
            "li", text("a", words(f"export.{kind}"), href=f"/{words.language}/my/export.{kind}")
        )
        for kind in ("json", "csv")
    )
    return element(
        "section",
        text("h2", words("own.files")),
        text("p", words("own.files.sentence")),
        element("ul", *links),
        text("h2", words("letter.rights")),
        listing(words(f"letter.rights.{number}") for number in (1, 2, 3)),
        class_="part",
    )


def shut(error: ServiceError) -> bool:
    """Say whether the link is no good: expired, revoked, altered, or no client's."""
    return isinstance(error, SessionExpired | NotAllowed)


def closed_page(kind: str, words: Words) -> str:
    """Write the page in place of the client's: ``shut``, ``down`` or ``left``."""
    other = other_language(words.language)
    back = text("a", words("own.again"), href=f"/{words.language}/my")
    body = element(
        "main",
        element(
            "p",
            text("a", words("language.other"), href=f"/{other}/my", lang=other, hreflang=other),
            class_="corner",
        ),
        text("p", words("product"), class_="product"),
        text("h1", words(f"own.{kind}.title")),
        text("p", words(f"own.{kind}")),
        element("p", back) if kind == "down" else "",
        class_="card",
    )
    return plain_page(words, words(f"own.{kind}.title"), body, style_sheet())
