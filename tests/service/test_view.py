"""What a client sees through a link, and everything that opens nothing."""

from __future__ import annotations

import base64
import csv
import io
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.client import RequestRefused, ScoringClient
from scoring.contract import OwnRequest, RequestsQuery
from storage import audit
from storage.links import PREFIX, Link
from storage.store import Store

WHY = "I have repaid this loan, please look again."
CLIENT, OTHER = 31, 32


@pytest.fixture(scope="module")
def advisor(service: Any) -> Iterator[ScoringClient]:
    """An advisor."""
    with ScoringClient(service.url, service.keys["advisor"]) as caller:
        yield caller


@pytest.fixture(scope="module")
def token(advisor: ScoringClient) -> str:
    """A link of the client."""
    return advisor.make_link(CLIENT).token


def status(service: Any, token: str, path: str = "/view") -> int:
    """Return how the service answers the token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(service.url + path, headers=headers, timeout=10).status_code


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_client_sees_what_is_held_and_why(
    advisor: ScoringClient, token: str, language: Any
) -> None:
    """Data, last assessment with its reasons in the language, decision; no name of staff."""
    explained = advisor.explain(client_id=CLIENT, language=language)
    motive = "Seen with the client."
    advisor.decide(explained.assessment_id, "REVIEW", motive)
    seen = advisor.holding(token).view(language)
    assert seen.client == advisor.client(CLIENT, language)
    assert seen.assessment is not None
    assert seen.assessment.assessment_id == explained.assessment_id
    assert seen.assessment.default_probability == explained.default_probability
    assert seen.assessment.weighs == explained.weighs
    assert seen.assessment.favours == explained.favours
    assert seen.assessment.decided_by == explained.decided_by
    assert seen.assessment.rule_sentences == explained.rule_sentences
    assert seen.assessment.cautions == explained.cautions
    assert (seen.assessment.decision, seen.assessment.motive) == ("REVIEW", motive)
    assert "key_" not in seen.model_dump_json()


def test_the_client_files_a_request_and_sees_its_end(
    advisor: ScoringClient, token: str, service: Any
) -> None:
    """Filed under the role client; closed by somebody else, who is told by role alone."""
    me = advisor.holding(token)
    filed = me.view_file_request(OwnRequest(kind="objection", motive=WHY))
    assert (filed.client_id, filed.role, filed.state) == (CLIENT, "client", "open")
    (waiting,) = advisor.requests(RequestsQuery(client_id=CLIENT, state="open")).requests
    assert waiting.request_id == filed.request_id
    body = {"outcome": "answered", "motive": "We looked again and explain."}
    with service.client("risk") as risk:
        risk.post(f"/requests/{filed.request_id}/follow-up", json=body).raise_for_status()
    (mine,) = me.view().requests
    assert mine.follow_up is not None
    assert (mine.state, mine.follow_up.closed_by, mine.filed_by) == ("answered", None, None)


def test_the_client_takes_away_their_own_data(advisor: ScoringClient, token: str) -> None:
    """The same file as the advisor's export; CSV opens with its heading."""
    advisor.score(client_id=OTHER)
    me = advisor.holding(token)
    lines = list(csv.reader(io.StringIO(me.view_export("csv", "en").decode("utf-8-sig"))))
    assert lines[0][0] == "section"
    whole = httpx.Response(200, content=me.view_export()).json()
    assert whole["held"]["client_id"] == CLIENT


def test_each_look_is_recorded(advisor: ScoringClient, service: Any) -> None:
    """Once a page and once a file, under the link, in the book."""
    link = advisor.make_link(33)
    me = advisor.holding(link.token)
    me.view()
    me.view_export()
    (line,) = advisor.links(33).links
    assert (line.link_id, line.views, line.state) == (link.link_id, 2, "in force")
    with closing(Store.open(service.settings)) as store:
        looks = [r for r in store.records(kind="view") if r.client_id == 33]
        assert [look.body["what"] for look in looks] == ["page", "export"]
        assert {look.role for look in looks} == {"client"}
        assert audit.verify(store).broken == []


def test_a_link_opens_nothing_else(service: Any, advisor: ScoringClient, token: str) -> None:
    """Every other address is forbidden to it, the client's own number included."""
    for path in (f"/clients/{CLIENT}", f"/clients/{OTHER}", "/clients", "/requests", "/links",
                 "/model", "/metrics", "/docs.json", f"/clients/{CLIENT}/export"):  # fmt: skip
        assert status(service, token, path) == 403
    with pytest.raises(RequestRefused, match="403"):
        advisor.holding(token).score(client_id=CLIENT)
    assert status(service, service.keys["advisor"]) == 403
    assert status(service, token, f"/view?client_id={OTHER}") == 422


def test_a_revoked_link_opens_nothing_at_once(service: Any, advisor: ScoringClient) -> None:
    """Revoking again changes nothing; other links of the client stay."""
    link, other = advisor.make_link(34), advisor.make_link(34)
    assert status(service, link.token) == 200
    assert advisor.revoke_link(link.link_id) == advisor.revoke_link(link.link_id)
    assert status(service, link.token) == 401
    assert status(service, other.token) == 200
    assert [line.state for line in advisor.links(34).links] == ["revoked", "in force"]


def test_an_expired_link_opens_nothing(service: Any) -> None:
    """The time is signed with the rest."""
    made = sys.modules[type(service).__module__].a_link
    with closing(Store.open(service.settings)) as store:
        assert status(service, made(store, 35, days=1)) == 200
        assert status(service, made(store, 35, days=-1)) == 401


def test_an_altered_token_opens_nothing(service: Any, token: str) -> None:
    """Each byte counts: the link, the client, the time and the signature."""
    raw = bytearray(base64.urlsafe_b64decode(token.removeprefix(PREFIX)))
    for place in range(len(raw)):
        raw[place] ^= 1
        altered = PREFIX + base64.urlsafe_b64encode(raw).decode()
        assert status(service, altered) == 401, place
        raw[place] ^= 1
    assert status(service, token) == 200


def test_a_link_that_was_not_recorded_opens_nothing(service: Any) -> None:
    """A right signature is not enough: the link is in the book, for this client."""
    with closing(Store.open(service.settings)) as store:
        ends = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
        assert status(service, store.token_of(Link("lnk_" + "0" * 24, CLIENT, ends))) == 401
        recorded = next(r for r in store.records(kind="link") if r.client_id == CLIENT)
        assert status(service, store.token_of(Link(recorded.id, OTHER, ends))) == 401


def test_neither_token_nor_secret_is_written_anywhere(service: Any, token: str) -> None:
    """Not in the log, the metrics or the database; the secret is its owner's alone."""
    secret = service.home / "links.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    status(service, token)
    status(service, token[:-1] + "!")
    with service.client("api") as api:
        everything = service.log.read_bytes() + api.get("/metrics").content
    for database in service.home.glob("scoring.db*"):
        everything += database.read_bytes()
    assert token.removeprefix(PREFIX).encode() not in everything
    assert secret.read_bytes() not in everything
    assert secret.read_bytes().hex().encode() not in everything


def test_bounds_of_a_link(service: Any) -> None:
    """From one day to thirty, for a client who exists."""
    with service.client("advisor") as caller:
        for days, expected in ((0, 422), (31, 422), (1, 200), (30, 200)):
            body = {"client_id": CLIENT, "days": days}
            assert caller.post("/links", json=body).status_code == expected
        assert caller.post("/links", json={"client_id": 888_888}).status_code == 404
        assert caller.delete("/links/lnk_" + "0" * 24).status_code == 404
