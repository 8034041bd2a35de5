"""Who may call what: every operation of the service, in one table.

The guard refuses by it, the OpenAPI document says it and the access tests walk it. What is not in
the table does not exist for a caller, whatever BentoML or FastAPI would answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from starlette.routing import compile_path

from api.errors import Refused
from storage.roles import STAFF, Role

OPEN: frozenset[Role] = frozenset()
"""No key needed."""
EVERYBODY = STAFF
"""Every key and every user. A client's link opens the client's own view alone."""
ASKERS = frozenset({Role.ADVISOR, Role.API, Role.RISK, Role.ADMIN})
"""Who may have a client assessed. An auditor only reads what was recorded."""
BATCHES = frozenset({Role.API, Role.RISK, Role.ADMIN})
WATCHERS = frozenset({Role.API, Role.RISK, Role.AUDITOR, Role.ADMIN})
FILERS = frozenset({Role.ADVISOR, Role.API, Role.ADMIN})
SENDERS = frozenset({Role.API, Role.ADMIN})
"""Who may send clients and their applications."""
CLOSERS = frozenset({Role.ADVISOR, Role.RISK, Role.ADMIN})
LINKERS = frozenset({Role.ADVISOR, Role.ADMIN})
REPLAYERS = frozenset({Role.RISK, Role.AUDITOR, Role.ADMIN})
STOPPERS = frozenset({Role.RISK, Role.ADMIN})
ADVISORS = frozenset({Role.ADVISOR})
CLIENT = frozenset({Role.CLIENT})

BODY_BYTES = 64 * 1024
BATCH_BYTES = 128 * 1024
"""A body of the most clients, whatever their numbers."""


class Repeat(Enum):
    """What an ``Idempotency-Key`` does."""

    NOT_KNOWN = auto()
    """Nothing: the operation reads, or is by nature the same when repeated."""
    FIRST_ANSWER = auto()
    """A repeat gets the first answer, byte for byte, before the operation is reached."""
    REBUILT = auto()
    """The operation makes its first answer again from what it recorded."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, who may call it, and in what form."""

    name: str
    method: str
    path: str
    roles: frozenset[Role]
    repeat: Repeat = Repeat.NOT_KNOWN
    takes_body: bool = False
    takes_query: bool = False
    body_bytes: int = BODY_BYTES


def _ask(name: str, roles: frozenset[Role], repeat: Repeat = Repeat.FIRST_ANSWER) -> Operation:
    """Declare one of the model's questions."""
    size = BATCH_BYTES if name == "score_batch" else BODY_BYTES
    return Operation(name, "POST", f"/{name}", roles, repeat, takes_body=True, body_bytes=size)


def _post(
    name: str, path: str, roles: frozenset[Role], repeat: Repeat = Repeat.NOT_KNOWN
) -> Operation:
    return Operation(name, "POST", path, roles, repeat, takes_body=True)


def _get(name: str, path: str, roles: frozenset[Role], *, takes_query: bool = False) -> Operation:
    return Operation(name, "GET", path, roles, takes_query=takes_query)


OPERATIONS: tuple[Operation, ...] = (
    # The model's questions: methods of the service
    _ask("score", ASKERS),
    _ask("explain", ASKERS),
    _ask("simulate", ASKERS),
    _ask("recourse", ASKERS),
    _ask("compare", ASKERS, Repeat.NOT_KNOWN),
    _ask("score_batch", BATCHES, Repeat.REBUILT),
    # Clients
    _get("clients", "/clients", EVERYBODY, takes_query=True),
    _get("client", "/clients/{client_id}", EVERYBODY, takes_query=True),
    Operation("put_client", "PUT", "/clients/{client_id}", SENDERS, takes_body=True),
    _get("export", "/clients/{client_id}/export", EVERYBODY, takes_query=True),
    # Assessments, decisions, outcomes
    _get("assessment", "/assessments/{assessment_id}", EVERYBODY),
    Operation("replay", "POST", "/assessments/{assessment_id}/replay", REPLAYERS),
    _post("decide", "/decisions", ADVISORS),
    _post("outcome", "/outcomes", BATCHES, Repeat.FIRST_ANSWER),
    # Clients' requests
    _post("file_request", "/requests", FILERS, Repeat.FIRST_ANSWER),
    _get("requests", "/requests", EVERYBODY, takes_query=True),
    _post("follow_up", "/requests/{request_id}/follow-up", CLOSERS),
    # Links, and what a client sees through one
    _post("make_link", "/links", LINKERS, Repeat.REBUILT),
    _get("links", "/links", EVERYBODY, takes_query=True),
    Operation("revoke_link", "DELETE", "/links/{link_id}", LINKERS),
    _get("view", "/view", CLIENT, takes_query=True),
    _get("view_export", "/view/export", CLIENT, takes_query=True),
    _post("view_file_request", "/view/requests", CLIENT, Repeat.FIRST_ANSWER),
    # The stop switch
    _get("stop_state", "/stop", EVERYBODY),
    Operation("turn_stop", "PUT", "/stop", STOPPERS, takes_body=True),
    # The service itself
    _get("model", "/model", EVERYBODY),
    _post("log_in", "/sessions", OPEN),
    Operation("log_out", "DELETE", "/sessions", EVERYBODY),
    _get("livez", "/livez", OPEN),
    _get("readyz", "/readyz", OPEN),
    _get("metrics", "/metrics", WATCHERS),
    _get("docs", "/docs.json", EVERYBODY),
    _get("schema", "/schema.json", EVERYBODY),
)
"""The access matrix."""


class Operations:
    """Finds the operation of a request: plain addresses at once, others one by one."""

    def __init__(self, operations: Iterable[Operation] = OPERATIONS) -> None:
        self._plain: dict[str, dict[str, Operation]] = {}
        patterned: dict[str, dict[str, Operation]] = {}
        for one in operations:
            kind = patterned if "{" in one.path else self._plain
            kind.setdefault(one.path, {})[one.method] = one
        self._patterned = [(compile_path(path)[0], by) for path, by in patterned.items()]

    def find(self, method: str, path: str) -> Operation:
        """Return the operation. Raises ``Refused`` 404 or 405."""
        methods = self._plain.get(path) or self._match(path)
        if methods is None or "\0" in path:
            raise Refused(404, "unknown", "Nothing has this address. See /docs.json.")
        if method not in methods:
            allowed = ", ".join(sorted(methods))
            message = "This address exists, with another method."
            raise Refused(405, "method_not_allowed", message, headers={"allow": allowed})
        return methods[method]

    def _match(self, path: str) -> dict[str, Operation] | None:
        return next((by for pattern, by in self._patterned if pattern.fullmatch(path)), None)
