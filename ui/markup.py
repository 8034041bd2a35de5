"""Small pieces of HTML. Every text that comes in is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


def element(name: str, /, *inside: str, **attributes: str | None) -> str:
    """Write an element around HTML that is already safe; attribute values are escaped.

    ``class_`` gives ``class``, ``aria_label`` gives ``aria-label``; ``None`` leaves one out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def text(name: str, words: str, /, **attributes: str | None) -> str:
    """Write an element around plain words, which are escaped."""
    return element(name, escape(words), **attributes)


def hidden_shape(shape: str) -> str:
    """Write a shape that doubles a word: seen, not read aloud."""
    return text("span", shape, class_="shape", aria_hidden="true")


def listing(items: Iterable[str], **attributes: str | None) -> str:
    """Write a list of plain sentences."""
    return element("ul", *(text("li", item) for item in items), **attributes)


@dataclass(frozen=True, slots=True)
class TableData:
    """A table to read: plain texts; the first cell of each row names the row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def table(data: TableData) -> str:
    """Write a table with a caption and scoped headings."""
    heads = "".join(text("th", column, scope="col") for column in data.columns)
    body = "".join(
        element("tr", text("th", row[0], scope="row"), *(text("td", cell) for cell in row[1:]))
        for row in data.rows
    )
    return element(
        "table",
        text("caption", data.caption),
        element("thead", element("tr", heads)),
        element("tbody", body),
    )


def scrolling(data: TableData) -> str:
    """Write a table in a region of its own, which scrolls where the window is narrow."""
    return element(
        "div", table(data), class_="scroll", tabindex="0", role="region", aria_label=data.caption
    )


def details(summary: str, *inside: str, **attributes: str | None) -> str:
    """Write a part that opens on request; it is open at first with ``open=""``."""
    return element("details", text("summary", summary), *inside, **attributes)


def choice(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: str, *, prefix: str
) -> str:
    """Write a labelled list to choose from: pairs of a value and its words."""
    inside = (
        text("option", said, value=value, selected="" if value == chosen else None)
        for value, said in options
    )
    number = f"{prefix}-{name}"
    field = element("select", *inside, id=number, name=name)
    return element("div", text("label", label, for_=number), field, class_="field")


def notice(kind: str, title: str, sentence: str, *more: str) -> str:
    """Write a message in place of an answer; ``kind`` is ``info`` or ``problem``."""
    return element(
        "div", text("h2", title), text("p", sentence), *more, class_=f"notice notice-{kind}"
    )
