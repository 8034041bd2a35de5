"""What was purged is said to be so over HTTP, and breaks nothing."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from scoring.contract import AssessmentResponse, RequestsResponse
from storage import audit, retention, times
from storage.links import Link
from storage.periods import Schedule
from storage.records import Entry, Record
from storage.snapshots import Snapshot
from storage.store import Store

CLIENT = 41
LONG_AGO = "2019-01-01T00:00:00.000000Z"


@pytest.fixture(scope="module")
def purged(service: Any) -> dict[str, str]:
    """Ids of an assessment, a request and a link, recorded long ago and purged since."""
    with closing(Store.open(service.settings)) as store:
        made = store.record_now(
            [
                _entry("assessment", {"verdict": "GRANT"}, snapshot=Snapshot.of({"annuity": 1.0})),
                _entry("request", {"asked": "objection", "motive": "as it was"}),
                _entry("link", {"expires_at": times.text(times.now() + timedelta(days=1))}),
            ]
        )
        ids = {record.kind: record.id for record in made if isinstance(record, Record)}
        store.record_now(
            [
                _entry("decision", {"decision": "GRANT"}, about=ids["assessment"]),
                _entry("request_refused", {"motive": "as it was"}, about=ids["request"]),
            ]
        )
        done = retention.purge(store, Schedule(), times.now(), pause_s=0)
        assert (done["assessments"], done["looks"]) == (4, 1)
        assert audit.verify(store).broken == []
    return ids


def _entry(kind: str, content: dict[str, Any], **more: Any) -> Entry:
    return Entry(kind, content, "key_1", "advisor", CLIENT, at=LONG_AGO, **more)


def test_a_purged_assessment_keeps_its_place(service: Any, purged: dict[str, str]) -> None:
    """Shown without its content, not decided on any more, and not replayed."""
    path = f"/assessments/{purged['assessment']}"
    with service.client("auditor") as auditor:
        shown = AssessmentResponse.model_validate_json(auditor.get(path).content)
        assert (shown.content, shown.application, shown.decisions) == (None, None, [])
        assert auditor.post(f"{path}/replay").status_code == 409
    body = {"assessment_id": purged["assessment"], "decision": "REVIEW", "motive": "x" * 20}
    with service.client("advisor") as advisor:
        assert advisor.post("/decisions", json=body).status_code == 404


def test_a_purged_request_keeps_its_state(service: Any, purged: dict[str, str]) -> None:
    """That it was refused is still known; its words are gone; it is not closed again."""
    with service.client("advisor") as advisor:
        answer = advisor.get("/requests", params={"client_id": CLIENT})
        (request,) = RequestsResponse.model_validate_json(answer.content).requests
        assert (request.state, request.motive, request.kind) == ("refused", None, None)
        assert request.follow_up is not None
        assert request.follow_up.motive is None
        path = f"/requests/{purged['request']}/follow-up"
        assert advisor.post(path, json={"outcome": "accepted"}).status_code == 409
        export = advisor.get(f"/clients/{CLIENT}/export")
        assert (export.status_code, "as it was" in export.text) == (200, False)


def test_a_purged_link_is_listed_and_opens_nothing(service: Any, purged: dict[str, str]) -> None:
    """Whatever its token says."""
    with closing(Store.open(service.settings)) as store, service.client("advisor") as advisor:
        (line,) = advisor.get("/links", params={"client_id": CLIENT}).json()["links"]
        assert (line["link_id"], line["state"]) == (purged["link"], "expired")
        ends = (times.now() + timedelta(days=1)).replace(microsecond=0)
        token = store.token_of(Link(purged["link"], CLIENT, ends))
        headers = {"Authorization": f"Bearer {token}"}
        assert advisor.get("/view", headers=headers).status_code == 401
