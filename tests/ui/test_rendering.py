"""How screens are written: templates that escape every text."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from ui.pages import header, login_page
from ui.rendering import Table, element, render
from ui.words import LANGUAGES, Language, words_in

UI = Path(__file__).resolve().parents[2] / "ui"
TEMPLATES = UI / "templates"
ATTACK = "\"><img src=x onerror=alert(1)>'&{{ 7 * 7 }}"
FRENCH = words_in("fr")


@pytest.mark.parametrize(
    "written",
    [
        header(FRENCH, ATTACK),
        login_page(FRENCH, said=ATTACK, problem=ATTACK, name=ATTACK, case=ATTACK),
        element("notice", "info", ATTACK, ATTACK),
        element("scrolling_table", Table(ATTACK, [ATTACK], [[ATTACK, ATTACK]])),
        element("choice", "a", "b", ATTACK, [(ATTACK, ATTACK)], ATTACK),
        element("listing", [ATTACK]),
        FRENCH.html("compare.group", clients=ATTACK, share=ATTACK),
    ],
)
def test_what_is_said_is_never_markup(written: Markup) -> None:
    """Texts of people and of the service are shown as they are, in texts and in attributes."""
    assert "<img" not in written
    assert "49" not in re.sub(r"<style>.*?</style>", "", written, flags=re.DOTALL)
    assert written.count("&lt;img src=x onerror=alert(1)&gt;") >= 1


def test_a_value_that_is_not_given_is_an_error() -> None:
    """A template never leaves a hole where a value was forgotten."""
    with pytest.raises(jinja2.UndefinedError):
        render("header.html", FRENCH, name="Claire")


def test_html_is_written_by_templates_alone() -> None:
    """No module writes a tag, and no template switches the escaping off."""
    written = [
        f"{path.relative_to(UI)}: {line.strip()}"
        for path in UI.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"</?[a-z][a-z0-9]*[ >]", line) and "BOLD" not in line and "``" not in line
    ]
    assert not written
    for template in TEMPLATES.glob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape", template.read_text(encoding="utf-8"))


def test_every_template_is_used() -> None:
    """A template that nothing names is deleted."""
    named = "".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    named += "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.iterdir())
    assert not [path.name for path in TEMPLATES.iterdir() if f'"{path.name}"' not in named]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_reach_the_script_as_data(language: Language) -> None:
    """No word can end the script it stands in, nor its string."""
    written = render("head.html", words_in(language), ended=Markup("</script><p>'\"</p>"))
    assert written.count("</script>") == 2
    assert "\\u003c/script\\u003e" in written
