"""The reference page says what the service does, and its examples can be made."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from gateway import reference
from gateway.openapi import document
from gateway.table import ROUTES
from scoring.client import AsyncScoringClient, ScoringClient, calls

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_the_page_is_the_documents() -> None:
    """Whoever changes a route or a model runs `make docs`."""
    assert PAGE.read_text(encoding="utf-8") == reference.page()


def test_every_route_is_on_the_page_with_who_may_ask() -> None:
    """A heading, an example by curl and one from Python for each route."""
    page = reference.page()
    for route in ROUTES:
        assert f"## {route.method} {route.path}\n" in page
    assert page.count("```sh") == len(ROUTES)
    assert set(reference.METHODS) == {route.name for route in ROUTES}


def test_every_link_of_the_page_leads_somewhere() -> None:
    """Routes and models by the anchors of their headings."""
    page = reference.page()
    headings = {reference.anchor(line) for line in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    links = set(re.findall(r"\(#([^)]+)\)", page))
    assert links
    assert links <= headings


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("client", [ScoringClient, AsyncScoringClient])
def test_the_client_makes_every_call(client: type, route: object) -> None:
    """The example calls a method that exists, with arguments it takes, on the route it shows."""
    expression = ast.parse(reference.METHODS[route.name], mode="eval").body  # type: ignore[attr-defined]
    assert isinstance(expression, ast.Call)
    assert isinstance(expression.func, ast.Name | ast.Attribute)
    name = expression.func.id if isinstance(expression.func, ast.Name) else expression.func.attr
    given = [None for _ in expression.args]
    named = {one.arg: None for one in expression.keywords if one.arg}
    inspect.signature(getattr(client, name)).bind(None, *given, **named)
    source = inspect.getsource(getattr(calls, name))
    first_part = route.path.split("/")[1]  # type: ignore[attr-defined]
    assert f'"/{first_part}' in source


def test_every_example_body_is_one_the_service_takes() -> None:
    """The examples of the document are read by the models of their routes."""
    for route in ROUTES:
        if route.body is not None:
            assert route.examples is not None
            route.body.model_validate_json(json.dumps(dict(route.examples)))


def test_every_model_of_the_contract_is_described() -> None:
    """Each model says in a sentence what it is."""
    for name, schema in document()["components"]["schemas"].items():
        assert schema.get("description"), name
