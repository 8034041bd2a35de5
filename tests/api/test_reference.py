"""The reference page says what the service does, and its examples can be made."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from api import client, reference
from api.access import OPERATIONS, Operation
from api.glossary import REQUESTS
from api.openapi import document
from scoring import contract

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_the_page_is_the_documents() -> None:
    """Whoever changes a route or a model runs `make docs`."""
    assert PAGE.read_text(encoding="utf-8") == reference.page()


def test_every_operation_is_on_the_page_with_who_may_ask() -> None:
    """A heading, an example by curl and one from Python for each."""
    page = reference.page()
    for one in OPERATIONS:
        assert f"## {one.method} {one.path}\n" in page
    assert page.count("```sh") == len(OPERATIONS)
    assert set(reference.METHODS) == {one.name for one in OPERATIONS}
    assert [name for name, call in reference.METHODS.items() if call is None] == ["schema"]


def test_every_link_of_the_page_leads_somewhere() -> None:
    """Routes and models by the anchors of their headings."""
    page = reference.page()
    headings = {reference.anchor(line) for line in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    links = set(re.findall(r"\(#([^)]+)\)", page))
    assert links
    assert links <= headings


@pytest.mark.parametrize(
    "one", [one for one in OPERATIONS if one.name != "schema"], ids=lambda one: one.name
)
def test_the_client_makes_every_call(one: Operation) -> None:
    """The example calls a method that exists, with arguments it takes, on the address it shows."""
    expression = ast.parse(str(reference.METHODS[one.name]), mode="eval").body
    assert isinstance(expression, ast.Call)
    assert isinstance(expression.func, ast.Name | ast.Attribute)
    name = expression.func.id if isinstance(expression.func, ast.Name) else expression.func.attr
    method = getattr(client.ScoringClient, name)
    named = {one.arg: None for one in expression.keywords if one.arg}
    inspect.signature(method).bind(None, *(None for _ in expression.args), **named)
    assert f'"/{one.path.split("/")[1]}' in inspect.getsource(method)


def test_every_example_of_a_body_is_one_the_service_takes() -> None:
    """The examples of the document are read by the models of their operations."""
    described = document()
    for one in OPERATIONS:
        if one.takes_body:
            operation = described["paths"][one.path][one.method.lower()]
            name = _model(operation["requestBody"]["content"]["application/json"]["schema"])
            getattr(contract, name).model_validate_json(json.dumps(dict(REQUESTS[one.name])))


def test_every_operation_has_an_example_answer_that_its_model_reads() -> None:
    """And a tag, a summary and who may ask."""
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert operation["tags"]
            assert operation["summary"]
            for content in operation["responses"]["200"]["content"].values():
                if "$ref" in content["schema"]:
                    model = getattr(contract, _model(content["schema"]))
                    model.model_validate_json(json.dumps(content["example"]))
                elif content["schema"]:
                    assert content["example"]


def _model(schema: dict[str, str]) -> str:
    return schema["$ref"].rpartition("/")[2]


def test_every_model_and_every_field_is_described() -> None:
    """Each model and each parameter says what it is; numbers say in which unit."""
    described = document()
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, one in schema.get("properties", {}).items():
            assert one.get("description"), f"{name}.{field}"
    for methods in described["paths"].values():
        for operation in methods.values():
            for one in operation["parameters"]:
                assert one.get("description") or one["schema"].get("description"), one["name"]
