"""The stand-in's side of a client's rights: requests, links, and what a link opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scoring.contract import (
    ClientResponse,
    ExplainResponse,
    FiledRequest,
    FileRequest,
    FollowUp,
    FollowUpRequest,
    LinkLine,
    LinkRequest,
    LinkResponse,
    OwnAssessment,
    OwnRequest,
    RequestsResponse,
    ViewResponse,
)

OWN_TOKEN = "padl_of-the-invented-client"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)

Refused = Callable[[Request], Awaitable[JSONResponse | None]]


@dataclass
class Filed:
    """What was filed and made. A key seen before gives its first answer."""

    requests: list[FiledRequest] = field(default_factory=list)
    keys: dict[str, FiledRequest] = field(default_factory=dict)
    links: list[LinkLine] = field(default_factory=list)
    looks: int = 0

    def add(self, asked: OwnRequest, client_id: int, role: str, key: str) -> FiledRequest:
        """Record a request once for its key."""
        if key not in self.keys:
            self.keys[key] = FiledRequest(
                request_id=f"req_{len(self.requests) + 1:024d}",
                sequence=None,
                client_id=client_id,
                kind=asked.kind,
                state="open",
                filed_at=NOW,
                due_on=(NOW + timedelta(days=30)).date(),
                filed_by="Claire Martin" if role == "advisor" else None,
                role=role,
                item=asked.item,
                held=128_250.0 if asked.item == "income_total" else None,
                value=asked.value,
                assessment_id=asked.assessment_id,
                motive=asked.motive,
                follow_up=None,
            )
            self.requests.append(self.keys[key])
        return self.keys[key]

    def close(self, request_id: str, asked: FollowUpRequest) -> FiledRequest:
        """Close a request."""
        place = next(i for i, one in enumerate(self.requests) if one.request_id == request_id)
        end = FollowUp(
            outcome=asked.outcome,
            motive=asked.motive,
            closed_at=NOW,
            closed_by="Claire Martin",
            role="advisor",
        )
        closed = self.requests[place].model_copy(update={"state": asked.outcome, "follow_up": end})
        self.requests[place] = closed
        return closed


def own_assessment(answer: ExplainResponse) -> OwnAssessment:
    """Return the client's own view of an answer, the decision taken."""
    same = answer.model_dump(include=set(OwnAssessment.model_fields))
    return OwnAssessment(
        **same, decision="DECLINE", decided_at=NOW, motive="Un crédit plus petit conviendrait."
    )


def rights_routes(
    filed: Callable[[], Filed],
    refused: Refused,
    client_id: int,
    dossier: Callable[[int, str], ClientResponse],
    explanation: Callable[[int, str], ExplainResponse],
) -> list[Route]:
    """Return the routes about requests and links; ``client_id`` is whose link opens."""

    def answer(model: object) -> JSONResponse:
        return JSONResponse(model.model_dump(mode="json"))

    async def requests(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        if request.method == "GET":
            return answer(RequestsResponse(requests=filed().requests, next=None))
        asked = FileRequest.model_validate_json(await request.body())
        key = request.headers["idempotency-key"]
        return answer(filed().add(asked, asked.client_id, "advisor", key))

    async def follow_up(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = FollowUpRequest.model_validate_json(await request.body())
        return answer(filed().close(request.path_params["number"], asked))

    async def links(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        if request.method == "GET":
            return JSONResponse({"links": [one.model_dump(mode="json") for one in filed().links]})
        asked = LinkRequest.model_validate_json(await request.body())
        ends = NOW + timedelta(days=asked.days)
        number = f"lnk_{len(filed().links) + 1:024d}"
        filed().links.append(
            LinkLine(
                link_id=number,
                made_at=NOW,
                made_by="Claire Martin",
                expires_at=ends,
                state="in force",
                views=0,
            )
        )
        return answer(
            LinkResponse(
                link_id=number, client_id=asked.client_id, token=OWN_TOKEN, expires_at=ends
            )
        )

    async def revoke(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        number = request.path_params["number"]
        for place, one in enumerate(filed().links):
            if one.link_id == number:
                filed().links[place] = one.model_copy(update={"state": "revoked"})
        return JSONResponse({"link_id": number})

    async def view(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        filed().looks += 1
        language = request.query_params.get("language", "fr")
        own = [one.model_copy(update={"filed_by": None}) for one in filed().requests]
        return answer(
            ViewResponse(
                client=dossier(client_id, language),
                assessment=own_assessment(explanation(client_id, language)),
                requests=own,
                expires_at=NOW + timedelta(days=7),
            )
        )

    async def view_file(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = OwnRequest.model_validate_json(await request.body())
        key = request.headers["idempotency-key"]
        return answer(filed().add(asked, client_id, "client", key))

    async def view_export(request: Request) -> Response:
        if (no := await refused(request)) is not None:
            return no
        return Response(b'{"held": 1}', media_type="application/json")

    return [
        Route("/requests", requests, methods=["GET", "POST"]),
        Route("/requests/{number}/follow-up", follow_up, methods=["POST"]),
        Route("/links", links, methods=["GET", "POST"]),
        Route("/links/{number}", revoke, methods=["DELETE"]),
        Route("/view", view),
        Route("/view/requests", view_file, methods=["POST"]),
        Route("/view/export", view_export),
    ]
