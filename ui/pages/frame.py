"""What surrounds the screens: the header of the app, and the plain pages (sign in, help)."""

from __future__ import annotations

from markupsafe import Markup

from ui.rendering import render
from ui.words import Words


def header(words: Words, name: str | None, case: int | None = None) -> Markup:
    """Write the header; the link to the other language keeps the open case."""
    return render("header.html", words, name=name, case=case)


def plain_page(words: Words, title: str, inside: Markup) -> Markup:
    """Write a part of a screen as a whole page that needs no script."""
    return render("plain.html", words, title=title, inside=inside)


def login_page(
    words: Words, *, said: str = "", problem: str = "", name: str = "", case: str = ""
) -> Markup:
    """Write the sign-in page; ``problem`` is next to the fields, what was typed is kept."""
    return render("login.html", words, said=said, problem=problem, name=name, case=case)


def help_page(words: Words) -> Markup:
    """Write how to read the screens."""
    return render("help.html", words)
