"""What the service answers, and what it has recorded by then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from scoring.assess import assess
from scoring.contract import ClientResponse, ExplainResponse, ModelCard, ScoreResponse
from scoring.policy import policy
from scoring.scorecard import Scorecard
from storage import clients, records
from storage.engine import reading
from storage.snapshots import Layouts, find
from storage.store import Store

CLIENT = 3
UNKNOWN = 900_120_034_005


@pytest.fixture(scope="module")
def store(service: Any) -> Any:
    """The store of the running service, read from outside."""
    opened = Store.open(service.settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scorecard(scorecard_folder: Path) -> Scorecard:
    """The scorecard the service serves."""
    return Scorecard.load(scorecard_folder)


def test_a_score_is_the_scorecards(api: httpx.Client, store: Store, scorecard: Scorecard) -> None:
    """The answer is the domain's, to the last bit, and the cut-off the metadata's."""
    answer = ScoreResponse.model_validate_json(
        api.post("/score", json={"client_id": CLIENT}).content
    )
    with reading(store.engine) as connection:
        (known,) = clients.ClientBook().find(connection, [CLIENT])
    assert known is not None
    expected = assess(scorecard, policy(), known.snapshot.application, known.snapshot.history)
    assert answer.default_probability == expected.default_probability
    assert answer.verdict == expected.verdict
    assert answer.cut_off == scorecard.metadata.cut_off.value
    assert answer.points == expected.points
    assert (answer.decided_by, answer.policy) == (expected.decided_by, policy().identity)


@pytest.mark.parametrize("route", ["/score", "/explain"])
def test_an_answer_is_recorded_with_all_it_takes_to_replay_it(
    api: httpx.Client, store: Store, route: str
) -> None:
    """Input, versions, numbers, verdict, who asked, in which role and when."""
    answer = api.post(route, json={"client_id": CLIENT}).json()
    with reading(store.engine) as connection:
        record = records.by_id(connection, answer["assessment_id"])
        assert record is not None
        assert record.snapshot is not None
        snapshot = find(connection, [record.snapshot], Layouts())[record.snapshot]
    assert snapshot.is_intact()
    assert snapshot.application["income_total"] > 0
    assert snapshot.history
    assert (record.client_id, record.role, record.kind) == (CLIENT, "api", "assessment")
    assert record.actor.startswith("key_")
    for name in ("default_probability", "cut_off", "verdict", "model_tag", "refer_causes",
                 "decided_by", "rules", "policy"):  # fmt: skip
        assert record.body[name] == answer[name]
    assert {"raw_score", "feature_version", "scorecard_hash"} <= record.body.keys()
    if route == "/explain":
        assert record.body["weighs"] == answer["weighs"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_explanation_adds_up(api: httpx.Client, language: str) -> None:
    """Base plus contributions is the raw score within 1e-9; reasons and others too."""
    body = {"client_id": CLIENT, "language": language, "detail": "items"}
    answer = ExplainResponse.model_validate_json(api.post("/explain", json=body).content)
    assert answer.language == language
    assert answer.items is not None
    by_item = answer.base + sum(line.contribution for line in answer.items)
    reasons = (*answer.weighs, *answer.favours)
    shown = answer.base + sum(reason.contribution for reason in reasons) + answer.others
    for total in (by_item, shown):
        assert total == pytest.approx(answer.raw_score, abs=1e-9)
    told = sum(abs(reason.contribution) for reason in reasons)
    share = abs(answer.others) / (abs(answer.others) + told)
    assert answer.others_share == pytest.approx(share, abs=1e-9)


def test_reasons_are_facts_and_every_item_comes_on_request(
    api: httpx.Client, scorecard: Scorecard
) -> None:
    """A sentence, its comparison and both figures; the whole calculation only when asked for."""
    brief = api.post("/explain", json={"client_id": CLIENT})
    answer = ExplainResponse.model_validate_json(brief.content)
    assert answer.items is None
    assert len(brief.content) < 12 * 1024
    reasons = (*answer.weighs, *answer.favours)
    assert reasons
    for reason in reasons:
        assert reason.sentence.endswith(".")
        assert reason.comparison.endswith(".")
        assert reason.value_text != reason.usual_text
    whole = api.post("/explain", json={"client_id": CLIENT, "detail": "items"}).json()
    assert sorted(line["item"] for line in whole["items"]) == sorted(scorecard.items)


def test_a_new_applicant_is_scored_without_history(api: httpx.Client, store: Store) -> None:
    """An application unknown to the store is assessed, sent to a person, and recorded whole."""
    application = {
        "contract_type": "Cash loans", "income_total": 120000.0, "amount_credit": 300000.0,
        "annuity": 20000.0, "birth_days": -12000, "external_score_2": None,
    }  # fmt: skip
    answer = api.post("/score", json={"application": application}).json()
    assert answer["client_id"] is None
    assert answer["verdict"] != "GRANT"
    assert "THIN_FILE" in answer["refer_causes"]
    with reading(store.engine) as connection:
        record = records.by_id(connection, answer["assessment_id"])
        assert record is not None
        assert record.snapshot is not None
        snapshot = find(connection, [record.snapshot], Layouts())[record.snapshot]
    given = {name: value for name, value in application.items() if value is not None}
    assert snapshot.application == given


def test_an_edited_application_keeps_the_clients_history(api: httpx.Client) -> None:
    """With both a number and an application, the application replaces the one held."""
    held = api.get(f"/clients/{CLIENT}").json()
    application = {
        item["name"]: item["value"]
        for section in held["sections"]
        if section["name"].startswith("applications.")
        for item in section["items"]
        if item["value"] is not None
    }
    same = api.post("/score", json={"client_id": CLIENT, "application": application}).json()
    stored = api.post("/score", json={"client_id": CLIENT}).json()
    assert same["default_probability"] == stored["default_probability"]
    worse = {**application, "external_score_2": 0.001}
    edited = api.post("/score", json={"client_id": CLIENT, "application": worse}).json()
    assert edited["default_probability"] > stored["default_probability"]


def test_everything_held_is_shown_with_its_origin(api: httpx.Client) -> None:
    """Application and history, in the language asked, labelled; the outcome is not shown."""
    for language in ("fr", "en"):
        answer = api.get(f"/clients/{CLIENT}", params={"language": language})
        shown = ClientResponse.model_validate_json(answer.content)
        names = [item.name for section in shown.sections for item in section.items]
        assert shown.language == language
        assert len(names) == len(set(names))
        assert "income_total" in names
        assert "default" not in names
        assert any(section.name.startswith("bureau.") for section in shown.sections)
        assert all(section.label and section.origin for section in shown.sections)


def test_the_card_is_the_served_scorecards(api: httpx.Client, scorecard: Scorecard) -> None:
    """Tag, cut-off, figures and the hash of each file."""
    card = ModelCard.model_validate_json(api.get("/model").content)
    assert card.files == scorecard.hashes
    assert card.cut_off == scorecard.metadata.cut_off.value
    assert card.items == len(scorecard.items)


def test_a_repeat_gets_the_first_answer(api: httpx.Client, store: Store) -> None:
    """The same Idempotency-Key and body: one record, the same bytes. Another body: 409."""
    headers = {"Idempotency-Key": "one-and-the-same"}
    before = len(list(store.records()))
    first, second = (
        api.post("/score", json={"client_id": CLIENT}, headers=headers) for _ in range(2)
    )
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(list(store.records())) == before + 1
    other = api.post("/score", json={"client_id": CLIENT + 1}, headers=headers)
    assert other.status_code == 409


def test_metrics_name_routes_and_never_clients(api: httpx.Client) -> None:
    """One series a route whatever the addresses asked; requests without a route count as none."""
    for number in (1, 2, UNKNOWN):
        api.get(f"/clients/{number}")
    written = api.get("/metrics").text
    assert 'route="client",status="200"' in written
    assert 'route="client",status="404"' in written
    assert "scoring_verdicts_total" in written
    assert "/clients" not in written
    assert str(UNKNOWN) not in written


def test_no_value_of_a_client_reaches_a_log_or_an_error(api: httpx.Client, service: Any) -> None:
    """Canary values planted in good, refused and malformed requests appear nowhere."""
    canaries = ("CANARY-TEXT", "777.123456", "66.654321")
    good = {
        "contract_type": "CANARY-TEXT", "income_total": 777.123456, "amount_credit": 300000.0,
        "annuity": 66.654321, "birth_days": -12000,
    }  # fmt: skip
    bodies: list[Any] = [
        {"application": good},
        {"application": {**good, "owns_car": "CANARY-TEXT"}},
        {"application": {**good, "CANARY-TEXT 777.123456": 1}},
        {"client_id": "CANARY-TEXT", "application": good},
        {"application": {**good, "income_total": "777.123456"}},
    ]
    said = [api.post(route, json=body) for body in bodies for route in ("/score", "/explain")]
    raw = b'{"application": {"contract_type": "CANARY-TEXT", "annuity": 66.654321'
    said.append(api.post("/score", content=raw, headers={"Content-Type": "application/json"}))
    said.append(api.get("/clients/CANARY-TEXT"))
    said.append(api.get("/clients/1?language=CANARY-TEXT"))
    errors = " ".join(answer.text for answer in said if answer.status_code != 200)
    everything = errors + service.log.read_text() + api.get("/metrics").text
    for canary in canaries:
        assert canary not in everything
