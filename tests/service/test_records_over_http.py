"""Decisions, outcomes, assessments read back and replayed, simulations, lists and exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import polars as pl
import pytest

from api.questions.batch import ARROW
from scoring.contract import (
    AssessmentResponse,
    BatchResponse,
    ClientsResponse,
    CompareResponse,
    DecisionResponse,
    RecourseResponse,
    ReplayResponse,
    SimulateResponse,
)
from storage import audit
from storage.store import Store

MOTIVE = "Income proven by three payslips seen today."


@pytest.fixture(scope="module")
def advisor(service: Any) -> Iterator[httpx.Client]:
    """A caller with an advisor's key."""
    with service.client("advisor") as client:
        yield client


def assessed(api: httpx.Client, client_id: int) -> dict[str, Any]:
    """Have a client assessed."""
    return dict(api.post("/score", json={"client_id": client_id}).json())


def departing(verdict: str) -> str:
    """Return a decision that departs from a verdict."""
    return "DECLINE" if verdict == "GRANT" else "GRANT"


def first_with(api: httpx.Client, verdicts: set[str]) -> dict[str, Any]:
    """Return the first client's assessment with one of these verdicts."""
    return next(a for n in range(1, 60) if (a := assessed(api, n))["verdict"] in verdicts)


def test_a_decision_is_recorded_and_shown_with_its_assessment(
    api: httpx.Client, advisor: httpx.Client
) -> None:
    """Following the verdict needs no motive; the assessment then shows who decided what."""
    assessment = first_with(api, {"GRANT", "DECLINE"})
    body = {"assessment_id": assessment["assessment_id"], "decision": assessment["verdict"]}
    decision = DecisionResponse.model_validate_json(advisor.post("/decisions", json=body).content)
    assert not decision.is_override
    shown = api.get(f"/assessments/{assessment['assessment_id']}")
    read = AssessmentResponse.model_validate_json(shown.content)
    assert read.decisions == [decision]
    assert read.content is not None
    assert read.content["default_probability"] == assessment["default_probability"]


def test_a_decision_that_departs_needs_a_motive(api: httpx.Client, advisor: httpx.Client) -> None:
    """422 naming the motive; blanks are no motive; with one it is recorded as an override."""
    assessment = first_with(api, {"GRANT", "DECLINE"})
    body = {
        "assessment_id": assessment["assessment_id"],
        "decision": departing(assessment["verdict"]),
    }
    for without in (body, {**body, "motive": " " * 40}):
        refused = advisor.post("/decisions", json=without)
        assert refused.status_code == 422
        assert [item["pointer"] for item in refused.json()["errors"]] == ["/motive"]
    answer = advisor.post("/decisions", json={**body, "motive": MOTIVE}).json()
    assert answer["is_override"]
    assert answer["motive"] == MOTIVE


def test_one_decision_stands_until_it_is_revised(api: httpx.Client, advisor: httpx.Client) -> None:
    """A double submit gets the first answer, another decision 409, a revision passes once."""
    assessment_id = assessed(api, 5)["assessment_id"]
    body = {"assessment_id": assessment_id, "decision": "GRANT", "motive": MOTIVE}
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda _: advisor.post("/decisions", json=body), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    first = answers[0].json()["decision_id"]
    other = {**body, "decision": "DECLINE"}
    assert advisor.post("/decisions", json=other).status_code == 409
    revised = {**other, "revises": first}
    assert advisor.post("/decisions", json=revised).json()["revises"] == first
    again = {**revised, "decision": "REVIEW"}
    assert advisor.post("/decisions", json=again).status_code == 409
    shown = api.get(f"/assessments/{assessment_id}").json()
    assert [one["decision"] for one in shown["decisions"]] == ["GRANT", "DECLINE"]


def test_decisions_on_nothing_are_refused(advisor: httpx.Client) -> None:
    """404 for an assessment that does not exist, 422 for an id that is none."""
    body = {"assessment_id": "asm_" + "0" * 24, "decision": "GRANT", "motive": MOTIVE}
    assert advisor.post("/decisions", json=body).status_code == 404
    assert advisor.post("/decisions", json={**body, "assessment_id": "1"}).status_code == 422


def test_an_outcome_is_recorded(api: httpx.Client) -> None:
    """For a client, with or without the assessment it belongs to; not for somebody else's."""
    assessment_id = assessed(api, 6)["assessment_id"]
    body = {"client_id": 6, "outcome": "DEFAULT", "observed_on": "2026-11-01"}
    assert api.post("/outcomes", json=body).json()["client_id"] == 6
    with_it = {**body, "assessment_id": assessment_id}
    assert api.post("/outcomes", json=with_it).status_code == 200
    assert api.post("/outcomes", json={**with_it, "client_id": 7}).status_code == 409
    assert api.post("/outcomes", json={**body, "client_id": 888_888}).status_code == 404
    assert api.post("/outcomes", json={**body, "observed_on": "yesterday"}).status_code == 422


def test_an_assessment_replays_to_the_same_numbers(api: httpx.Client, service: Any) -> None:
    """Stored client, new applicant and edited application alike."""
    application = {
        "contract_type": "Cash loans", "income_total": 120000.5, "amount_credit": 300000.1,
        "annuity": 20000.7, "birth_days": -12000, "external_score_2": 1 / 3,
    }  # fmt: skip
    bodies: list[dict[str, Any]] = [
        {"client_id": 9},
        {"application": application},
        {"client_id": 9, "application": application},
    ]
    with service.client("auditor") as auditor:
        for body in bodies:
            given = api.post("/score", json=body).json()
            answer = auditor.post(f"/assessments/{given['assessment_id']}/replay")
            replayed = ReplayResponse.model_validate_json(answer.content)
            assert replayed.identical
            assert replayed.replayed.default_probability == given["default_probability"]
        assert auditor.post(f"/assessments/asm_{'0' * 24}/replay").status_code == 404
        assert auditor.get("/assessments/%00").status_code == 404


def test_a_simulation_moves_what_it_should(api: httpx.Client) -> None:
    """Before is the held case; after, the changed one; nothing but amounts can be changed."""
    held = assessed(api, 4)
    changes = {"amount_credit": 1000.0, "annuity": 100.0, "goods_price": 1000.0}
    answer = api.post("/simulate", json={"client_id": 4, "changes": changes, "language": "en"})
    simulated = SimulateResponse.model_validate_json(answer.content)
    assert simulated.before.default_probability == held["default_probability"]
    assert simulated.after.amount_credit == 1000.0
    assert simulated.after.effort_rate is not None
    assert simulated.before.effort_rate is not None
    assert simulated.after.effort_rate < simulated.before.effort_rate
    for refused in ({}, {"external_score_2": 0.9}, {"amount_credit": -1.0}):
        body = {"client_id": 4, "changes": refused}
        assert api.post("/simulate", json=body).status_code == 422


def test_a_batch_says_what_single_calls_say(api: httpx.Client) -> None:
    """The same probabilities in JSON and Arrow, each row recorded, unknown numbers listed."""
    single = {number: assessed(api, number)["default_probability"] for number in (1, 2, 3)}
    body = {"client_ids": [1, 2, 777_777, 3]}
    batch = BatchResponse.model_validate_json(api.post("/score_batch", json=body).content)
    assert {row.client_id: row.default_probability for row in batch.rows} == single
    assert batch.unknown == [777_777]
    assert api.get(f"/assessments/{batch.rows[0].assessment_id}").status_code == 200
    answer = api.post("/score_batch", json={"client_ids": [1, 2, 3]}, headers={"Accept": ARROW})
    frame = pl.read_ipc_stream(io.BytesIO(answer.content))
    assert dict(frame.select("client_id", "default_probability").rows()) == single
    other = api.post("/score_batch", json={"client_ids": [1]}, headers={"Accept": "text/html"})
    assert other.status_code == 406


def test_nothing_but_json_names_clients(api: httpx.Client) -> None:
    """An Arrow stream is not read, whole or broken: 415 before any byte of it is looked at."""
    written = io.BytesIO()
    pl.DataFrame({"client_id": [1, 2, 3]}).write_ipc_stream(written)
    for body in (written.getvalue(), written.getvalue()[:100], b"no arrow"):
        refused = api.post("/score_batch", content=body, headers={"Content-Type": ARROW})
        assert refused.status_code == 415


def test_a_client_stands_somewhere_in_a_group(api: httpx.Client) -> None:
    """The client's value among quantiles of a group; what is not known of twenty is not shown."""
    for group in ("all", "granted", "similar"):
        body = {"client_id": 4, "with": group, "features": ["income_total", "owns_car"]}
        stands = CompareResponse.model_validate_json(api.post("/compare", json=body).content)
        assert stands.clients >= 20
        assert stands.not_shown == ["owns_car"]
        (income,) = stands.standings
        assert income.share_below is not None
        assert income.quantiles == sorted(income.quantiles)
    assert api.post("/compare", json={"client_id": 4, "group": "all"}).status_code == 422
    assert api.post("/compare", json={"client_id": 4, "with": "men"}).status_code == 422


def test_clients_are_listed_page_by_page(api: httpx.Client) -> None:
    """Following the cursor gives every client once, in order; filters narrow."""
    after, seen = 0, []
    while True:
        answer = api.get("/clients", params={"after": after, "limit": 25})
        page = ClientsResponse.model_validate_json(answer.content)
        seen += [line.client_id for line in page.clients]
        if page.next is None:
            break
        after = page.next
    assert seen == list(range(1, 61))
    assert api.get("/clients", params={"source": "nowhere"}).json()["clients"] == []
    one = api.get("/clients", params={"client_id": 8}).json()["clients"]
    assert [line["client_id"] for line in one] == [8]
    assert api.get("/clients", params={"limit": 0}).status_code == 422


def test_a_client_takes_away_their_own_data_only(api: httpx.Client) -> None:
    """JSON and CSV hold what is held and every record about this client, nobody else's."""
    mine = assessed(api, 10)["assessment_id"]
    others = assessed(api, 11)["assessment_id"]
    whole = api.get("/clients/10/export")
    assert mine in whole.text
    assert others not in whole.text
    assert whole.json()["held"]["client_id"] == 10
    answer = api.get("/clients/10/export", params={"format": "csv", "language": "en"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["section", "origin", "item", "value", "unit"]
    assert any(mine in line for line in lines)
    assert not any(others in line for line in lines)


def test_a_spreadsheet_computes_nothing_of_what_a_client_wrote(api: httpx.Client) -> None:
    """A motive that looks like a formula is text in the file."""
    motives = ['=HYPERLINK("http://elsewhere")', "@SUM(1;1) is my motive", "-1+1 is my motive"]
    for motive in motives:
        body = {"client_id": 12, "kind": "objection", "motive": motive}
        api.post("/requests", json=body).raise_for_status()
    answer = api.get("/clients/12/export", params={"format": "csv"})
    cells = {cell for line in csv.reader(io.StringIO(answer.text)) for cell in line}
    assert {f"'{motive}" for motive in motives} <= cells
    assert cells.isdisjoint(motives)


def test_the_records_of_this_session_hold(api: httpx.Client, service: Any) -> None:
    """Everything the tests had recorded is linked, intact and anchored."""
    assessed(api, 1)
    store = Store.open(service.settings)
    assert audit.verify(store).broken == []
    store.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_recourse_is_true_when_tried(api: httpx.Client, language: str) -> None:
    """Both ends of each range, sent back to /simulate, are granted with the risk that was said."""
    offered = 0
    for client_id in range(1, 12):
        body = {"client_id": client_id, "language": language}
        found = RecourseResponse.model_validate_json(api.post("/recourse", json=body).content)
        assert found.sentence
        offers = [offer for lever in found.levers for offer in (lever.first, lever.last)]
        offers += [found.largest.offer] if found.largest else []
        for offer in offers:
            changes = offer.changes.model_dump(exclude_none=True)
            tried = {"client_id": client_id, "changes": changes, "language": language}
            after = SimulateResponse.model_validate_json(
                api.post("/simulate", json=tried).content
            ).after
            assert after.verdict == "GRANT"
            assert after.default_probability == offer.default_probability
            offered += 1
    assert offered
