"""What surrounds the screens: the header of the app, and the plain pages (sign in, help)."""

from __future__ import annotations

from html import escape

from ui.markup import element, text
from ui.words import Language, Words


def other_language(language: Language) -> Language:
    """Return the other language of the product."""
    return "en" if language == "fr" else "fr"


def header(words: Words, name: str | None, case: int | None = None) -> str:
    """Write the header; the link to the other language keeps the open case."""
    other = other_language(words.language)
    kept = f"?case={case}" if case is not None else ""
    links = [
        text("a", words("language.other"), href=f"/{other}/{kept}", lang=other, hreflang=other),
        text("a", words("help"), href=f"/{words.language}/help"),
    ]
    if name is not None:
        links.insert(0, text("span", words("signed_in", name=name), class_="who"))
        leave = text("button", words("sign_out"), type="submit", class_="link")
        links.append(element("form", leave, method="post", action=f"/{words.language}/logout"))
    return element(
        "header",
        element(
            "h1",
            text("span", words("product"), class_="product"),
            text("span", f" — {words('space')}", class_="space"),
        ),
        element("div", *links, class_="links"),
        class_="top",
    )


def plain_page(words: Words, title: str, body: str, style: str) -> str:
    """Write a whole page that needs no script."""
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} — {escape(words('title'))}</title>"
        f'<link rel="icon" href="data:,"><style>{style}</style></head>'
        f'<body class="plain">{body}</body></html>'
    )


def login_page(
    words: Words, style: str, *, said: str = "", problem: str = "", name: str = "", case: str = ""
) -> str:
    """Write the sign-in page; ``problem`` is next to the fields, what was typed is kept."""
    form = element(
        "form",
        _field("name", words("login.name"), "text", "username", name, described=bool(problem)),
        _field(
            "password",
            words("login.password"),
            "password",
            "current-password",
            "",
            described=bool(problem),
        ),
        text("p", problem, id="problem", role="alert", class_="problem") if problem else "",
        f'<input type="hidden" name="case" value="{escape(case)}">',
        text("button", words("login.submit"), type="submit", class_="action"),
        method="post",
        action=f"/{words.language}/login",
    )
    other = other_language(words.language)
    kept = f"?case={case}" if case else ""
    body = element(
        "main",
        element(
            "p",
            text(
                "a",
                words("language.other"),
                href=f"/{other}/login{kept}",
                lang=other,
                hreflang=other,
            ),
            class_="corner",
        ),
        text("p", words("title"), class_="product"),
        text("h1", words("login.title")),
        text("p", said, role="status", class_="said") if said else "",
        form,
        class_="card",
    )
    return plain_page(words, words("login.title"), body, style)


def _field(
    name: str, label: str, kind: str, completion: str, value: str, *, described: bool
) -> str:
    wrong = ' aria-invalid="true" aria-describedby="problem"' if described else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{completion}" '
        f'value="{escape(value)}" required maxlength="200"{wrong}>'
    )


HELP_PARTS = ("proposal", "risk", "reasons", "excluded", "rights", "keyboard")


def help_page(words: Words, style: str) -> str:
    """Write how to read the screens."""
    parts = (
        element(
            "section", text("h2", words(f"help.{part}.title")), text("p", words(f"help.{part}"))
        )
        for part in HELP_PARTS
    )
    back = element("p", text("a", words("help.back"), href=f"/{words.language}/"))
    body = element("main", back, text("h1", words("help.title")), *parts, class_="card wide")
    return plain_page(words, words("help.title"), body, style)
