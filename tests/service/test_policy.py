"""The policy over HTTP: what is not received, what is never granted, and what a client is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.client import ScoringClient
from scoring.contract import Language, Problem, ScoreResponse, SimulateResponse
from scoring.policy import Policy, policy
from storage import clients
from storage.engine import writing
from storage.snapshots import Snapshot
from storage.store import Store
from tests.scoring import small_scorecard as small

MINOR, ELDER, BOUND = 901, 902, 903
SEVENTEEN = -17 * 365
WHY = "The payslips of three months say otherwise."
AGE = {
    "fr": "Il faut avoir au moins 18\xa0ans pour demander un crédit.",
    "en": "One must be at least 18\xa0years old to apply for a credit.",
}
GRANTED = {
    **small.CLIENT,
    "external_score_1": 0.9,
    "external_score_2": 0.9,
    "employment_days": -100,
}
"""The small scorecard's client with better scores and a new job, whom it grants."""


def lenders_policy() -> Policy:
    """Return the product's policy, with a rule more: small incomes are not received."""
    rule = {
        "code": "INCOME_MINIMUM",
        "kind": "eligibility",
        "effect": "refuse_input",
        "conditions": [{"measure": "income_total", "below": 1_000}],
        "words": {"fr": "Le revenu doit atteindre {limit}.", "en": "Income must reach {limit}."},
        "basis": "Of this test.",
        "examples": {"hit": {"income_total": 999}, "spared": {"income_total": 1_000}},
    }
    content = json.loads(policy().model_dump_json(exclude_none=True))
    return Policy.model_validate_json(
        json.dumps({**content, "version": "2027-01", "rules": [*content["rules"], rule]})
    )


@pytest.fixture(scope="module")
def own(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service of this module's own, with a few clients more, under the product's policy."""
    home = tmp_path_factory.mktemp("policy")
    running = sys.modules[type(service).__module__].a_service(
        home, scorecard_folder, SCORING_CURRENCY="€"
    )
    more = {
        MINOR: {**GRANTED, "birth_days": SEVENTEEN},
        ELDER: {**GRANTED, "birth_days": -27_200, "employment_days": -27_000},
        BOUND: GRANTED,
    }
    with closing(Store.open(running.settings)) as store, writing(store.engine) as connection:
        held = {number: Snapshot.of(form, small.PAST) for number, form in more.items()}
        clients.put(connection, held, "test")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def advisor(own: Any) -> Iterator[ScoringClient]:
    """An advisor of that service."""
    with ScoringClient(own.url, own.keys["advisor"]) as caller:
        yield caller


@pytest.fixture(scope="module")
def caller(own: Any) -> Iterator[httpx.Client]:
    """An advisor who sends what the typed client would not."""
    with own.client("advisor") as client:
        yield client


def refused(answer: httpx.Response) -> dict[str, str]:
    """Check a 422 in the one shape; return its fields and their words."""
    assert answer.status_code == 422, answer.text
    problem = Problem.model_validate_json(answer.content)
    assert problem.code == "invalid"
    return {item.pointer: item.message for item in problem.errors}


def assessments(own: Any) -> int:
    """Return how many assessments are recorded."""
    with closing(Store.open(own.settings)) as store:
        return len(list(store.records(kind="assessment")))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("route", ["/score", "/explain"])
def test_a_minors_application_is_not_received(
    caller: httpx.Client, own: Any, route: str, language: Language
) -> None:
    """422 with the rule's sentence at the field, in the language asked; no value, no record."""
    before = assessments(own)
    for who in ({}, {"client_id": BOUND}):
        application = {**GRANTED, "birth_days": SEVENTEEN}
        body = {**who, "application": application, "language": language}
        answer = caller.post(route, json=body)
        assert refused(answer) == {"/application/birth_days": AGE[language]}
        assert "6205" not in answer.text
    assert assessments(own) == before


def test_every_fault_is_told_at_once(caller: httpx.Client) -> None:
    """No instalment and no age: both fields are named."""
    application = {**GRANTED, "birth_days": SEVENTEEN, "annuity": 0.0}
    found = refused(caller.post("/score", json={"application": application}))
    assert list(found) == ["/application/birth_days", "/application/annuity"]


def test_a_correction_that_would_not_be_received_is_not_filed(
    caller: httpx.Client, advisor: ScoringClient, own: Any
) -> None:
    """Neither for the client nor by the client; nothing is held otherwise."""
    asked = {"kind": "rectification", "item": "birth_days", "value": SEVENTEEN, "motive": WHY}
    answer = caller.post("/requests", json={"client_id": BOUND, **asked})
    assert refused(answer) == {"/value": AGE["fr"]}
    link = {"Authorization": f"Bearer {advisor.make_link(BOUND).token}"}
    by_client = httpx.post(f"{own.url}/view/requests", json=asked, headers=link)
    assert refused(by_client) == {"/value": AGE["fr"]}
    assert caller.get("/requests", params={"client_id": BOUND}).json()["requests"] == []


def test_a_client_held_with_a_fault_is_declined_and_may_have_it_corrected(
    caller: httpx.Client, advisor: ScoringClient
) -> None:
    """By the policy, in words; a correction of something else, or of the fault, is filed."""
    answer = advisor.score(client_id=MINOR, language="en")
    assert (answer.verdict, answer.decided_by) == ("DECLINE", "policy")
    assert answer.rule_sentences[0] == AGE["en"]
    asked = {"client_id": MINOR, "kind": "rectification", "motive": WHY}
    for item, value in (("income_total", 90_000.0), ("birth_days", -19 * 366)):
        filed = caller.post("/requests", json={**asked, "item": item, "value": value})
        assert filed.status_code == 200
    younger = {**asked, "item": "birth_days", "value": -16 * 365}
    assert refused(caller.post("/requests", json=younger)) == {"/value": AGE["fr"]}


def test_rules_have_their_own_sentences_with_the_clients_figures(caller: httpx.Client) -> None:
    """The gravest first, the cautions without them; a simulation says them on its side."""
    heavy = {**GRANTED, "annuity": 112_500.0, "goods_price": 45_000.0}
    body = {"client_id": BOUND, "application": heavy, "language": "en"}
    answer = ScoreResponse.model_validate_json(caller.post("/score", json=body).content)
    assert len(answer.rule_sentences) == len(answer.rules) >= 2
    first = "The instalment takes 75% of the declared income, above the ceiling of 60%."
    assert answer.rule_sentences[0] == first
    assert not set(answer.rule_sentences) & set(answer.cautions)
    tried = {"client_id": BOUND, "changes": {"annuity": 112_500.0}, "language": "en"}
    simulated = SimulateResponse.model_validate_json(caller.post("/simulate", json=tried).content)
    assert simulated.before.rule_sentences == []
    assert simulated.after.rule_sentences[0] == first
    assert simulated.after.decided_by == "policy"


@pytest.mark.parametrize(
    "absurd",
    [
        {"income_total": 1.0},
        {"income_total": 1e9},
        {"annuity": 1.5},
        {"children_count": 30},
        {"birth_days": SEVENTEEN},
        {"goods_price": 1.0},
        {"goods_price": 1e9},
        {"employment_days": -30_000},
        {"registration_days": -40_000},
    ],
    ids=lambda absurd: next(iter(absurd)),
)
def test_nothing_absurd_is_granted(
    caller: httpx.Client, own: Any, absurd: dict[str, float]
) -> None:
    """Of everybody: 0 granted, who was declined stays so; what nobody can have is not received."""
    book = clients.ClientBook()
    with closing(Store.open(own.settings)) as store, store.engine.connect() as connection:
        held = [one for one in book.find(connection, list(range(1, 61))) if one is not None]
    seen = set()
    for client in held:
        form = client.snapshot.application
        before = caller.post("/score", json={"client_id": client.client_id}).json()["verdict"]
        seen.add(before)
        change = {"annuity": 1.5 * form["income_total"]} if "annuity" in absurd else absurd
        body = {"client_id": client.client_id, "application": {**form, **change}}
        answer = caller.post("/score", json=body)
        if answer.status_code == 422:
            item = next(iter(absurd))
            assert f"/application/{item}" in refused(answer)
            continue
        after = answer.json()["verdict"]
        assert after != "GRANT"
        assert after == "DECLINE" or before != "DECLINE"
    assert {"GRANT", "DECLINE"} <= seen


def test_a_misspelt_word_is_no_answer_and_is_said(caller: httpx.Client) -> None:
    """The score is that of a missing answer, and the caution names the word that was meant."""
    body = {"client_id": BOUND, "application": {**GRANTED, "income_type": "Workin"}}
    misspelt = caller.post("/score", json={**body, "language": "en"}).json()
    del body["application"]["income_type"]
    missing = caller.post("/score", json=body).json()
    assert misspelt["default_probability"] == missing["default_probability"]
    assert any("“Working”" in sentence for sentence in misspelt["cautions"])


def test_the_client_is_not_told_what_rules_say_of_age(advisor: ScoringClient) -> None:
    """What decided is told, and every other rule; the advisor sees them all."""
    answer = advisor.score(client_id=ELDER)
    assert {"AGE_AT_END", "HIRED_AS_A_CHILD", "JOB_LONGER_THAN_A_LIFE"} <= set(answer.rules)
    own = advisor.holding(advisor.make_link(ELDER).token).view().assessment
    assert own is not None
    assert (own.verdict, own.decided_by) == (answer.verdict, "policy")
    assert own.rule_sentences is not None
    assert any("emploi ne dure pas" in sentence for sentence in own.rule_sentences)
    hidden = set(answer.rule_sentences) - set(own.rule_sentences)
    of_age = ("Le crédit finirait", "D'après les dates, l'emploi commencerait")
    assert len(hidden) == 2
    assert all(sentence.startswith(of_age) for sentence in hidden)


def test_an_assessment_replays_under_the_policy_of_its_day(own: Any) -> None:
    """Another policy in force refuses what was received; what was answered is still explained."""
    changes = {"client_id": BOUND, "changes": {"income_total": 500.0}, "language": "en"}
    poor = {"application": {**GRANTED, "income_total": 500.0}, "language": "en"}
    with own.client("admin") as admin:
        given = admin.post("/score", json=poor).json()
        assert admin.post("/simulate", json=changes).status_code == 200
        file = own.home / "policy.json"
        file.write_text(lenders_policy().model_dump_json(exclude_none=True))
        own.environment["SCORING_POLICY"] = str(file)
        own.stop()
        own.start()
        own.wait_until_ready()
        words = "Income must reach €1,000."
        assert refused(admin.post("/score", json=poor)) == {"/application/income_total": words}
        assert refused(admin.post("/simulate", json=changes)) == {"/changes/income_total": words}
        assert admin.post("/score", json={"client_id": BOUND}).json()["policy"] != given["policy"]
        replayed = admin.post(f"/assessments/{given['assessment_id']}/replay").json()
        assert replayed["identical"]
