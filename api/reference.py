"""The reference page of the HTTP interface, written from the OpenAPI document.

    python -m api.reference > docs/api.md

Every word of it is the document's: routes, roles, bodies, answers, errors and examples.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from api.errors import PROBLEM
from api.openapi import document

METHODS: dict[str, str | None] = {
    "score": "score(client_id=100002)",
    "explain": 'explain(client_id=100002, language="en")',
    "client": "client(100002)",
    "put_client": 'put_client(100002, {"amount_credit": 98000.0}, version=None)',
    "simulate": 'simulate(100002, {"amount_credit": 98000.0})',
    "recourse": 'recourse(100002, language="en")',
    "score_batch": "score_batch([100002, 100003])",
    "compare": 'compare(CompareRequest(client_id=100002, **{"with": "granted"}))',
    "clients": 'clients(ClientsQuery(verdict="REFER"))',
    "export": 'export(100002, form="csv")',
    "decide": 'decide("asm_0123456789abcdef01234567", "GRANT")',
    "outcome": "record_outcome(OutcomeRequest(...))",
    "assessment": 'assessment("asm_0123456789abcdef01234567")',
    "replay": 'replay("asm_0123456789abcdef01234567")',
    "file_request": "file_request(FileRequest(...))",
    "requests": 'requests(RequestsQuery(state="open"))',
    "follow_up": 'follow_up("req_0123456789abcdef01234567", FollowUpRequest(outcome="accepted"))',
    "make_link": "make_link(100002, days=7)",
    "links": "links(100002)",
    "revoke_link": 'revoke_link("lnk_0123456789abcdef01234567")',
    "view": 'holding(token).view(language="en")',
    "view_export": 'holding(token).view_export("csv")',
    "view_file_request": "holding(token).view_file_request(OwnRequest(...))",
    "stop_state": "stop_state()",
    "turn_stop": 'turn_stop(stopped=True, motive="Figures of the bureau are wrong today.")',
    "model": "model()",
    "log_in": 'log_in("marie", password)',
    "log_out": "holding(session.token).log_out()",
    "livez": "livez()",
    "readyz": "readyz()",
    "metrics": "metrics()",
    "docs": "docs()",
    "schema": None,
}
"""How ``ScoringClient`` makes each call, by the operation's name; one is for BentoML's own."""

_SAMPLES = {
    "client_id": "100002",
    "assessment_id": "asm_0123456789abcdef01234567",
    "request_id": "req_0123456789abcdef01234567",
    "link_id": "lnk_0123456789abcdef01234567",
}

_START = """# The HTTP interface

*Generated from the OpenAPI document by `make docs`; `GET /docs.json` is the same in full. Do not
edit this page.*

{words}

- **Who may ask** is said at each route. Send `Authorization: Bearer ...`: a key
  (`python -m storage.access create-key`), the token of a session, or the token of a client's link.
- **A repeat** of the same request with the same `Idempotency-Key` gets the first answer, where the
  route takes that header; `ScoringClient` sends one by itself.
- **How often** is said by the headers `RateLimit-Policy` and `RateLimit`; a refusal (429) and a
  service that cannot record (503) say `Retry-After`.
- **Every answer** has an `X-Request-ID`: quote it when something is wrong.
- **Lists** come in pages: ask again with `after` = `next` until `next` is null.

```python
from api.client import ScoringClient

with ScoringClient("http://127.0.0.1:3000", key) as service:
    answer = service.score(client_id=100002)
```

BentoML's own client reads `/schema.json` and asks the model's questions too:

```python
import bentoml

answer = bentoml.SyncHTTPClient("http://127.0.0.1:3000", token=key).score({"client_id": 100002})
```
"""


def page() -> str:
    """Return the reference page, in Markdown."""
    described = document()
    parts = [_START.replace("{words}", described["info"]["description"].strip())]
    parts += ["\n".join(_overview(described)), "\n".join(_errors(described))]
    for path, method, operation in _operations(described):
        parts.append("\n".join(_operation(path, method, operation)))
    parts.append("\n".join(_models(described)))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _overview(described: Mapping[str, Any]) -> Iterator[str]:
    yield "## Routes\n\n| route | what it answers | who |\n|---|---|---|"
    for path, method, operation in _operations(described):
        name = f"{method} {path}"
        who = operation["description"].rpartition("\n")[2].removeprefix("Roles: ").rstrip(".")
        yield f"| [`{name}`](#{anchor(name)}) | {operation['summary']} | {who} |"


def anchor(heading: str) -> str:
    """Return the anchor that Markdown readers give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _errors(described: Mapping[str, Any]) -> Iterator[str]:
    yield "## Errors\n\nProblem documents (RFC 9457), `application/problem+json`: "
    yield "[Problem](#problem). `code` is for programs, and so is that of each of `errors`.\n"
    yield "| status | code | meaning |\n|---|---|---|"
    for status, response in described["components"]["responses"].items():
        code = response["content"][PROBLEM]["example"]["code"]
        yield f"| {status} | `{code}` | {response['description']} |"


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {method} {path}\n\n{operation['summary']}. {operation['description']}\n"
    yield from _parameters(operation)
    body = operation.get("requestBody")
    if body is not None:
        kinds = ", ".join(f"`{media}`" for media in body["content"])
        yield f"Body ({kinds}): {_kind(body['content']['application/json']['schema'])}.\n"
    good = next(status for status in operation["responses"] if status.startswith("2"))
    content = operation["responses"][good]["content"]
    answers = (f"`{media}` {_kind(one['schema'])}".strip() for media, one in content.items())
    refused = ", ".join(status for status in operation["responses"] if status != good)
    yield f"Answer {good}: {'; '.join(answers)}. Errors: {refused}.\n"
    yield from _curl(path, method, operation)
    call = METHODS[operation["operationId"]]
    if call is not None:
        yield f"\n```python\nservice.{call}\n```"
    if "application/json" in content:
        shown = json.dumps(content["application/json"]["example"], indent=2, ensure_ascii=False)
        yield f"\n```json\n{shown}\n```"


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    shown = [one for one in operation["parameters"] if one["in"] != "path"]
    if not shown:
        return
    yield "| parameter | in | value |\n|---|---|---|"
    for one in shown:
        words = one.get("description") or one["schema"].get("description") or ""
        yield f"| `{one['name']}` | {one['in']} | {_kind(one['schema'])}{words and ': ' + words} |"
    yield ""


def _curl(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    address = re.sub(r"{(\w+)}", lambda name: _SAMPLES[name[1]], path)
    asked = (one for one in operation["parameters"] if one["in"] == "query" and one["required"])
    required = [one["name"] for one in asked]
    query = "&".join(f"{name}={_SAMPLES[name]}" for name in required)
    parts = ["curl -s"] + ([f"-X {method}"] if method == "DELETE" else [])
    parts.append(f"'http://127.0.0.1:3000{address}{query and '?' + query}'")
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    body = operation.get("requestBody")
    if body is not None:
        written = json.dumps(body["content"]["application/json"]["example"])
        parts += ["-H 'Content-Type: application/json'", f"-d '{written}'"]
    elif method == "POST":
        parts.insert(1, "-X POST")
    yield "```sh\n" + " \\\n    ".join(parts) + "\n```"


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in words what a schema takes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {})) or 'anything'}"
    limits = [f"{sign} {schema[name]:,}" for name, sign in _LIMITS.items() if name in schema]
    if "pattern" in schema:
        limits.append(f"`{schema['pattern']}`")
    return " ".join([schema.get("format") or schema.get("type", ""), *limits]).strip()


_LIMITS = {
    "minimum": "≥",
    "maximum": "≤",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
    "minLength": "length ≥",
    "maxLength": "length ≤",
    "minItems": "items ≥",
    "maxItems": "items ≤",
}


def _models(described: Mapping[str, Any]) -> Iterator[str]:
    yield "## Models"
    for name, schema in sorted(described["components"]["schemas"].items()):
        yield f"\n### {name}\n\n{schema.get('description', '').strip()}\n"
        if "enum" in schema:
            yield ", ".join(f"`{value}`" for value in schema["enum"])
            continue
        yield "| field | value | required |\n|---|---|---|"
        for field, one in schema.get("properties", {}).items():
            words = one.get("description", "")
            required = "yes" if field in schema.get("required", ()) else ""
            yield f"| `{field}` | {_kind(one)}{words and ': ' + words} | {required} |"


if __name__ == "__main__":
    sys.stdout.write(page())
