"""The OpenAPI 3.1 document: FastAPI's own, with the model's questions and the access matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.access import EVERYBODY, OPEN, OPERATIONS, Operation, Repeat
from api.application import rest_application
from api.errors import CODES, PROBLEM, TITLES, TYPE
from api.glossary import REQUESTS, complete, example
from api.questions import QUESTIONS, Question
from api.questions.batch import ARROW
from api.recorder import JSON
from scoring.contract import Problem, ProblemItem

_PRODUCT = "pret-a-depenser-scoring"
_WORDS = """Credit scoring that explains itself.

Every answer that rests on an assessment was recorded before it was given. Errors are problem
documents (RFC 9457). Bodies are strict JSON: unknown fields, duplicate names, numbers in strings,
booleans for numbers, NaN and infinities are refused. An item of an application that is absent or
null is missing; those that are required are marked so. Amounts are in the lender's currency,
annuities by month, incomes by year; times are UTC; probabilities are shares from 0 to 1;
contributions are in log-odds.

**What you can rely on.** Within this major version nothing that is described here is taken away or
changes its meaning: fields, codes, operations and roles stay. What may come at any time, so read
without minding it: new operations, new optional fields of a request, new fields of an answer, new
values of a `code`, new headers. A change that breaks this comes under a new major version and is
said in the changelog. Messages and sentences for people may be worded better at any time: read
codes, not words."""

TAGS = {
    "questions": "What is asked of the model: scored, explained, tried, compared.",
    "clients": "Who is held, what is held about them, and what they take away.",
    "assessments": "Assessments read back, and computed again on their recorded input.",
    "decisions": "What advisors sign, and what became of the loans.",
    "clients' requests": "Rectifications, reviews and objections, followed to closure.",
    "links": "Links given to clients.",
    "the client's own view": "What a client sees, takes away and asks through a link.",
    "stop switch": "Every proposal suspended, and taken up again.",
    "service": "Sessions, health, measurements, the served scorecard, this document.",
}

_NOT_THERE = frozenset(
    {
        "score", "explain", "simulate", "recourse", "compare", "client", "export", "decide",
        "outcome", "assessment", "replay", "file_request", "follow_up", "make_link", "links",
        "revoke_link", "view", "view_export", "view_file_request",
    }
)  # fmt: skip
"""Operations that say 404 when there is no such client or record."""
_CONTRADICTS = frozenset({"compare", "decide", "replay", "follow_up"})
"""Operations that say 409, beside those that know a repeat."""
_ALSO = {"log_in": {401}, "score_batch": {406}, "put_client": {412, 428}}


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    described = get_openapi(
        title="Prêt à dépenser",
        version=_version(),
        description=_WORDS,
        routes=[*_questions().routes, *rest_application().routes, *_bentoml().routes],
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        servers=[{"url": "/"}],
    )
    schemas = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(_problem_schemas())
    for name, schema in schemas.items():
        complete(name, schema)
    by_name = {one.name: one for one in OPERATIONS}
    for methods in described["paths"].values():
        for operation in methods.values():
            _finish(operation, by_name[operation["operationId"]], schemas)
    described["components"]["securitySchemes"] = {"bearer": _BEARER}
    described["components"]["responses"] = {str(status): _error(status) for status in TITLES}
    return described


_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key (python -m storage.access create-key), the token of a session "
    "(POST /sessions), or the token of a client's link (POST /links).",
}


def _version() -> str:
    try:
        return metadata.version(_PRODUCT)
    except metadata.PackageNotFoundError:
        return "0.1.0"


def _questions() -> FastAPI:
    """Return the model's questions as routes, to be described and not to be called."""
    app = FastAPI(openapi_url=None)
    for name, question in QUESTIONS.items():
        app.add_api_route(
            f"/{name}",
            _as_endpoint(name, question),
            methods=["POST"],
            operation_id=name,
            response_model=question.answer,
            tags=["questions"],
        )
    return app


def _as_endpoint(name: str, question: Question) -> Any:
    def endpoint(request: BaseModel) -> None:
        """Nothing: its signature and words are the question's."""

    endpoint.__annotations__ = {"request": question.request}
    endpoint.__name__, endpoint.__doc__ = name, question.summary
    return endpoint


def _bentoml() -> APIRouter:
    """Return BentoML's own address, as it is described."""
    routes = APIRouter(tags=["service"])

    @routes.get(
        "/schema.json", operation_id="schema", response_model=dict[str, Any], responses=_SCHEMA
    )
    def schema() -> None:
        """The model's questions as BentoML's own client reads them."""

    return routes


_SCHEMA: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {JSON: {"example": {"name": "scoring", "type": "service", "routes": []}}},
        "description": "BentoML's description",
    }
}


def _problem_schemas() -> dict[str, Any]:
    ref = "#/components/schemas/{model}"
    problem = Problem.model_json_schema(mode="serialization", ref_template=ref)
    return {**problem.pop("$defs"), "Problem": problem}


def _finish(operation: dict[str, Any], access: Operation, schemas: Mapping[str, Any]) -> None:
    """Put into FastAPI's description of an operation what the guard does before it."""
    words = operation.pop("description", "").strip()
    first, _, rest = words.partition("\n")
    operation["summary"] = first.rstrip(".")
    operation["description"] = f"{rest.strip()}\n\n{_who(access)}".strip()
    operation["security"] = [] if access.roles == OPEN else [{"bearer": []}]
    parameters = operation.setdefault("parameters", [])
    if access.repeat is not Repeat.NOT_KNOWN:
        parameters.append(_REPEAT)
    for parameter in parameters:
        complete("", {"properties": {parameter["name"]: parameter["schema"]}})
    responses = {status: one for status, one in operation["responses"].items() if status[0] == "2"}
    if access.name == "score_batch":
        responses["200"]["content"][ARROW] = {"schema": {}}
    for kind, content in responses["200"]["content"].items():
        if kind == JSON and "example" not in content:
            content["example"] = example(content["schema"], schemas)
    for status in sorted(_errors_of(access)):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = responses
    if access.takes_body:
        operation["requestBody"]["content"][JSON]["example"] = REQUESTS[access.name]


def _who(access: Operation) -> str:
    if access.roles == OPEN:
        return "Open: no key."
    roles = "every key and user" if access.roles == EVERYBODY else ", ".join(sorted(access.roles))
    return f"Roles: {roles}."


def _errors_of(access: Operation) -> Iterator[int]:
    found = {500, 503}
    if "{" in access.path or access.takes_query:
        found |= {400, 422}
    if access.roles != OPEN:
        found |= {401, 403, 429}
    if access.takes_body:
        found |= {400, 413, 415, 422, 429}
    if access.name in _NOT_THERE:
        found.add(404)
    if access.name in _CONTRADICTS or access.repeat is not Repeat.NOT_KNOWN:
        found.add(409)
    return iter(found | _ALSO.get(access.name, set()))


_REPEAT = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your choice: a repeat of the same request with it, by the same "
    "actor and within 24 hours at least, gets the first answer. The order of names and the space "
    "between them make no other request.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def _error(status: int) -> dict[str, Any]:
    items = [ProblemItem(pointer="/client_id", code="required", message="It is required.")]
    problem = Problem(
        type=TYPE.format(status=status),
        title=TITLES[status],
        status=status,
        detail=TITLES[status],
        code=CODES[status],
        errors=items if status == 422 else [],
    )
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "example": problem.model_dump(),
    }
    return {"description": TITLES[status], "content": {PROBLEM: content}}
