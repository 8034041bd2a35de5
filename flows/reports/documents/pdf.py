"""A Markdown document as a tagged PDF (PDF/UA-1), set by Typst without anything fetched.

The text travels as data: no sentence of a document is ever read as Typst markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from features.raw.tables import Language

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
"""The letters the pictures are written in."""
GENERIC, LETTERS = "font-family: sans-serif", "font-family: DejaVu Sans"

Node = dict[str, Any]


def pdf(text: str, pictures: Mapping[str, str], language: Language, template: Path) -> bytes:
    """Return the PDF of a Markdown ``text`` whose first heading is its title.

    ``pictures`` holds the SVG of each image by the address the text names it with; the same text
    and pictures give the same bytes.
    """
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    compiled = typst.compile(
        str(template),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={
            "tree": json.dumps(_node(tree)),
            "pictures": json.dumps({name: _lettered(svg) for name, svg in pictures.items()}),
            "title": _title(tree),
            "language": language,
        },
    )
    assert isinstance(compiled, bytes), "a PDF is one file"
    return compiled


def _lettered(svg: str) -> str:
    """Return a picture whose text names letters that are here: Typst knows no generic family."""
    return svg.replace(GENERIC, LETTERS)


def _title(tree: SyntaxTreeNode) -> str:
    heading = next(node for node in tree.walk() if node.type == "heading")
    return heading.children[0].content


def _node(node: SyntaxTreeNode) -> Node:
    """Return one node as plain values: what the Typst template reads."""
    if node.type == "inline":
        return {"kind": "inline", "children": [_node(child) for child in node.children]}
    found: Node = {"kind": node.type, "children": [_node(child) for child in node.children]}
    if node.type in {"text", "code_inline", "code_block", "fence"}:
        found["text"] = node.content
    if node.type == "heading":
        found["level"] = int(node.tag[1])
    if node.type == "link":
        found["target"] = node.attrs["href"]
    if node.type == "image":
        found["target"], found["text"] = node.attrs["src"], node.content
    return found
