"""The OpenAPI 3.1 document, written from the table of routes and the contract's models."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from typing import Any, Literal

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gateway.errors import CODES, STATUSES
from gateway.routes import EVERYBODY, OPEN, Route
from gateway.table import ROUTES
from scoring.contract import ErrorBody, ErrorResponse, FieldError

_REF = "#/components/schemas/{model}"
_PRODUCT = "pret-a-depenser-scoring"
_WORDS = """Credit scoring that explains itself.

Every answer that rests on an assessment was recorded before it was given. Errors have one shape.
Bodies are strict JSON: unknown fields, duplicate keys, numbers in strings, booleans for numbers,
NaN and infinities are refused. An item of an application that is absent or null is missing; those
that are required are marked so."""


@cache
def written() -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(document(), option=orjson.OPT_INDENT_2)


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    refs, schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Prêt à dépenser", "version": _version(), "description": _WORDS},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key (python -m storage.access create-key), the token of a"
                    " session (POST /sessions), or the token of a client's link (POST /links).",
                }
            },
            "responses": {str(status): _error(status) for status in STATUSES},
        },
    }


def _version() -> str:
    try:
        return metadata.version(_PRODUCT)
    except metadata.PackageNotFoundError:
        return "0.1.0"


Mode = Literal["validation", "serialization"]
Refs = dict[Any, dict[str, Any]]
"""Reference to the schema of a (model, mode)."""


def _schemas() -> tuple[Refs, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], Mode]] = [(ErrorResponse, "serialization")]
    for route in ROUTES:
        if not isinstance(route.answer, str):
            wanted.append((route.answer, "serialization"))
        wanted += [(model, "validation") for model in (route.body, route.query) if model]
    refs, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REF)
    return dict(refs), definitions.get("$defs", {})


def _operation(route: Route, refs: Refs) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": _who(route),
        "security": [] if route.roles == OPEN else [{"bearer": []}],
        "parameters": [*_in_path(route), *_in_query(route), *_repeat_header(route)],
        "responses": {str(route.status): _good(route, refs)},
    }
    for status in sorted(_errors_of(route)):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    if route.body is not None:
        operation["requestBody"] = _body(route, refs)
    return operation


def _who(route: Route) -> str:
    if route.roles == OPEN:
        return "Open: no key."
    roles = "every key and user" if route.roles == EVERYBODY else ", ".join(sorted(route.roles))
    return f"Roles: {roles}."


def _errors_of(route: Route) -> set[int]:
    found = {500, 503, *route.errors}
    found |= {400, 422} if "{" in route.path or route.query else set()
    found |= set() if route.roles == OPEN else {401, 403, 429}
    found |= {400, 413, 415, 422, 429} if route.body or route.takes_bytes else set()
    return found


def _in_path(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", route.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
            if name == "client_id"
            else {"type": "string", "maxLength": 40, "pattern": "^[a-z]{3}_[0-9a-f]{24}$"},
        }
        for name in names
    ]


def _in_query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": of_name}
        for name, of_name in schema["properties"].items()
    ]


def _repeat_header(route: Route) -> list[dict[str, Any]]:
    if not route.repeatable:
        return []
    words = "Any text of your choice: a repeat of the same request with it gets the first answer."
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return [
        {"name": "Idempotency-Key", "in": "header", "required": False, "description": words,
         "schema": schema}
    ]  # fmt: skip


def _body(route: Route, refs: Refs) -> dict[str, Any]:
    assert route.body is not None
    content: dict[str, Any] = {"schema": refs[(route.body, "validation")]}
    if route.examples is not None:
        content["example"] = dict(route.examples)
    media = {"application/json": content}
    for kind in sorted(route.takes_bytes):
        media[kind] = {"schema": {"type": "string", "contentMediaType": kind}}
    return {"required": True, "content": media}


def _good(route: Route, refs: Refs) -> dict[str, Any]:
    if isinstance(route.answer, str):
        media = (route.answer, *route.answer_too)
        return {"description": "The answer", "content": {kind: {"schema": {}} for kind in media}}
    schema = refs[(route.answer, "serialization")]
    words = (route.answer.__doc__ or "The answer").splitlines()[0]
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    content |= {kind: {"schema": {}} for kind in route.answer_too}
    return {"description": words, "content": content}


def _error(status: int) -> dict[str, Any]:
    fields = [FieldError(field="client_id", message="Field required")] if status == 422 else []
    error = ErrorBody(code=CODES[status], message=STATUSES[status], fields=fields)
    content = {
        "schema": {"$ref": "#/components/schemas/ErrorResponse"},
        "example": ErrorResponse(error=error).model_dump(),
    }
    return {"description": STATUSES[status], "content": {"application/json": content}}
