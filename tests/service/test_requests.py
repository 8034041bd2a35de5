"""Requests of clients over HTTP: filed, listed, followed to closure, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest

from api.client import RequestRefused, ScoringClient
from scoring.contract import ClientsQuery, FileRequest, FollowUpRequest, RequestsQuery
from storage import audit
from storage.store import Store

WHY = "The payslips of three months say otherwise."


@pytest.fixture(scope="module")
def advisor(service: Any) -> Iterator[ScoringClient]:
    """An advisor."""
    with ScoringClient(service.url, service.keys["advisor"]) as caller:
        yield caller


@pytest.fixture(scope="module")
def risk(service: Any, advisor: ScoringClient) -> ScoringClient:
    """Somebody of the risk team."""
    return advisor.holding(service.keys["risk"])


def rectification(client_id: int, value: float, item: str = "income_total") -> FileRequest:
    """A rectification of one item."""
    return FileRequest(
        client_id=client_id, kind="rectification", item=item, value=value, motive=WHY
    )


def held(advisor: ScoringClient, client_id: int, item: str = "income_total") -> object:
    """Return what is held now."""
    sections = advisor.client(client_id).sections
    return next(one.value for section in sections for one in section.items if one.name == item)


def test_an_accepted_rectification_changes_what_is_held(
    advisor: ScoringClient, risk: ScoringClient
) -> None:
    """Nothing changes while it is open; accepted, the value is held and a new score rests on it."""
    before, first = held(advisor, 21), advisor.score(client_id=21).assessment_id
    filed = advisor.file_request(rectification(21, 399_000.5))
    assert (filed.state, filed.held, filed.value) == ("open", before, 399_000.5)
    assert held(advisor, 21) == before
    closed = risk.follow_up(filed.request_id, FollowUpRequest(outcome="accepted"))
    assert closed.state == "accepted"
    assert closed.follow_up is not None
    assert (closed.follow_up.role, closed.filed_at) == ("risk", filed.filed_at)
    assert held(advisor, 21) == 399_000.5
    again = advisor.score(client_id=21).assessment_id
    used = [advisor.assessment(one).application or {} for one in (first, again)]
    assert [application["income_total"] for application in used] == [before, 399_000.5]


def test_a_refusal_needs_a_motive_and_changes_nothing(
    advisor: ScoringClient, risk: ScoringClient
) -> None:
    """The client is told why."""
    before = held(advisor, 22)
    filed = advisor.file_request(rectification(22, 1.0))
    with pytest.raises(ValueError, match="motive is required"):
        FollowUpRequest(outcome="refused")
    closed = risk.follow_up(filed.request_id, FollowUpRequest(outcome="refused", motive=WHY))
    assert closed.follow_up is not None
    assert (closed.state, closed.follow_up.motive) == ("refused", WHY)
    assert held(advisor, 22) == before


def test_a_request_is_closed_once(service: Any, advisor: ScoringClient) -> None:
    """Two people at the same time: one answer for the same words, 409 for other ones."""
    filed = advisor.file_request(rectification(23, 123_456.0))
    body = {"outcome": "accepted"}
    path = f"/requests/{filed.request_id}/follow-up"
    with service.client("risk") as one, ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda _: one.post(path, json=body), range(4)))
        other = one.post(path, json={"outcome": "refused", "motive": WHY})
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert other.status_code == 409


def test_a_review_names_an_assessment_of_the_client(
    advisor: ScoringClient, risk: ScoringClient
) -> None:
    """Another client's assessment is unknown here; an answer closes the review."""
    mine, others = (advisor.score(client_id=number).assessment_id for number in (24, 25))
    with pytest.raises(ValueError, match="names the assessment"):
        FileRequest(client_id=24, kind="review", motive=WHY)
    with pytest.raises(RequestRefused, match="404"):
        advisor.file_request(
            FileRequest(client_id=24, kind="review", motive=WHY, assessment_id=others)
        )
    review = FileRequest(client_id=24, kind="review", motive=WHY, assessment_id=mine)
    filed = advisor.file_request(review)
    closed = risk.follow_up(filed.request_id, FollowUpRequest(outcome="answered", motive=WHY))
    assert (closed.state, closed.assessment_id) == ("answered", mine)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": -1.0}, {"value": "much"}, {"value": True}, {"value": None}, {"item": "default"},
        {"item": "client_id"}, {"item": "late_share"}, {"item": None}, {"kind": "erasure"},
        {"kind": "objection"}, {"motive": " " * 20}, {"client_id": None}, {"extra": 1},
        {"item": "contract_type", "value": "CANARY"}, {"item": "owns_car", "value": 0.5},
    ],
)  # fmt: skip
def test_what_cannot_be_held_cannot_be_asked(service: Any, changes: dict[str, Any]) -> None:
    """422, and the value is not repeated."""
    good = {"client_id": 26, "kind": "rectification", "item": "income_total", "value": 5.0}
    with service.client("advisor") as caller:
        answer = caller.post("/requests", json={**good, "motive": WHY, **changes})
    assert answer.status_code == 422
    assert "CANARY" not in answer.text


def test_requests_are_listed_by_client_and_state(
    advisor: ScoringClient, risk: ScoringClient
) -> None:
    """Pages follow the order of filing; each request is seen once."""
    filed = [advisor.file_request(rectification(27, float(value))) for value in range(1, 6)]
    risk.follow_up(filed[1].request_id, FollowUpRequest(outcome="refused", motive=WHY))
    seen: list[str] = []
    query: RequestsQuery | None = RequestsQuery(client_id=27, state="open", limit=2)
    while query is not None:
        page = advisor.requests(query)
        seen += [one.request_id for one in page.requests]
        query = query.model_copy(update={"after": page.next}) if page.next else None
    assert seen == [one.request_id for place, one in enumerate(filed) if place != 1]
    (refused,) = advisor.requests(RequestsQuery(client_id=27, state="refused")).requests
    assert refused.request_id == filed[1].request_id
    of_27 = advisor.clients(ClientsQuery(open_request="true", limit=200)).clients
    assert 27 in [line.client_id for line in of_27]
    without = advisor.clients(ClientsQuery(open_request="false", limit=200)).clients
    assert 27 not in [line.client_id for line in without]


def test_a_request_sent_twice_is_filed_once(service: Any) -> None:
    """The same Idempotency-Key gets the first answer."""
    body = rectification(28, 5_000.0).model_dump(mode="json", exclude_unset=True)
    with service.client("advisor") as caller:
        answers = [
            caller.post("/requests", json=body, headers={"Idempotency-Key": "one"})
            for _ in range(2)
        ]
    assert answers[0].content == answers[1].content


def test_the_client_takes_the_requests_away(service: Any, advisor: ScoringClient) -> None:
    """The export holds the request and how it ended; the chain of records holds."""
    filed = advisor.file_request(FileRequest(client_id=29, kind="objection", motive=WHY))
    advisor.follow_up(filed.request_id, FollowUpRequest(outcome="answered", motive=WHY + " Seen."))
    export = httpx.Response(200, content=advisor.export(29)).json()
    kinds = [record["kind"] for record in export["records"]]
    asked = [kind for kind in kinds if kind.startswith("request")]
    assert asked == ["request", "request_answered"]
    with closing(Store.open(service.settings)) as store:
        assert audit.verify(store).broken == []


def test_nobody_and_nothing_are_said(advisor: ScoringClient) -> None:
    """404 for a client or a request that does not exist."""
    with pytest.raises(RequestRefused, match="404"):
        advisor.file_request(rectification(888_888, 5.0))
    with pytest.raises(RequestRefused, match="404"):
        advisor.follow_up("req_" + "0" * 24, FollowUpRequest(outcome="accepted"))
