"""A small service over real HTTP: contract-shaped answers for the app's tests.

It knows one advisor and a few invented clients, and can be told to be down, slow or to forget
its sessions. The app's behaviour on the real service is checked end to end elsewhere.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from stand_in_rights import OWN_TOKEN, Filed, rights_routes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scoring.contract import (
    ClientLine,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    CompareRequest,
    CompareResponse,
    DecisionRequest,
    DecisionResponse,
    ErrorBody,
    ErrorResponse,
    ExplainResponse,
    FeatureContribution,
    GroupContribution,
    Item,
    Moved,
    Reason,
    RecourseLever,
    RecourseRequest,
    RecourseResponse,
    ReferCause,
    Section,
    Side,
    SimulateRequest,
    SimulateResponse,
    Standing,
    Verdict,
)

PASSWORD = "a long enough sentence"  # of the invented advisor below
PEOPLE = {"Claire Martin": "advisor", "Rita Roy": "risk"}
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
GRANTED, DECLINED, STUDIED, HOSTILE = 100_001, 100_002, 100_003, 100_004
CLIENTS = {GRANTED: 0.031, DECLINED: 0.137, STUDIED: 0.0914, HOSTILE: 0.137}
ATTACK = "<img src=x onerror=alert(1)> ${7*7} {{7*7}}"


@dataclass
class Mood:
    """How the stand-in behaves; tests change it and the fixture restores it."""

    down: bool = False
    forgets_sessions: bool = False
    seconds_to_answer: float = 0.0
    link_is_shut: bool = False
    failed_logins: int = 0
    filed: Filed = field(default_factory=Filed)
    asked: list[str] = field(default_factory=list)
    searched: list[ClientsQuery] = field(default_factory=list)
    decisions: list[DecisionRequest] = field(default_factory=list)
    simulated: list[SimulateRequest] = field(default_factory=list)


def two(language: str, french: str, english: str) -> str:
    """Return the words of the language."""
    return french if language == "fr" else english


def reasons(language: str, *, hostile: bool) -> tuple[list[Reason], list[Reason]]:
    """Return what weighs and what is in favour, the heaviest first."""
    effort = two(language, "Mensualité rapportée au revenu", "Instalment to income")
    if hostile:
        effort = ATTACK
    weighs = [
        Reason(
            group="affordability",
            label=two(language, "Mensualité et crédit rapportés au revenu", "Instalment to income"),
            sentence=two(
                language,
                "La mensualité ou le crédit demandé représente une part importante de vos revenus.",
                "The requested instalment or credit takes a large share of your income.",
            ),
            contribution=0.82,
            feature="instalment_to_income",
            feature_label=effort,
            value=0.41,
            reference=0.24,
            unit="ratio",
        ),
        Reason(
            group="external_scores",
            label=two(language, "Notes d'organismes extérieurs", "Scores from external bodies"),
            sentence=two(
                language,
                "Les notes transmises par des organismes extérieurs sont basses ou manquantes.",
                "The scores sent by external bodies are low or missing.",
            ),
            contribution=0.44,
            feature="external_score_2",
            feature_label=two(
                language, "Note d'un organisme extérieur n° 2", "External body's score no. 2"
            ),
            value=0.2112,
            reference=0.5655,
            unit="score",
        ),
        Reason(
            group="instalment_delays",
            label=two(language, "Dates de règlement des échéances", "Dates instalments were paid"),
            sentence=two(
                language,
                "Des échéances ont été réglées après la date prévue, ou tout juste à temps.",
                "Instalments were paid after the due date, or just in time.",
            ),
            contribution=0.31,
            feature="instalments_late_730_days_count",
            feature_label=two(
                language,
                "Échéances réglées en retard : nombre sur les 730 derniers jours",
                "Instalments paid late: number over the last 730 days",
            ),
            value=3,
            reference=0,
            unit="count",
        ),
        Reason(
            group="employment",
            label=two(language, "Emploi", "Employment"),
            sentence=two(
                language,
                "Votre situation d'emploi diffère de celle des dossiers acceptés.",
                "Your job situation or its length differs from that of granted cases.",
            ),
            contribution=0.17,
            feature="employment_days",
            feature_label=two(language, "Ancienneté dans l'emploi", "Time in current job"),
            value=-152,
            reference=-1460,
            unit="days",
        ),
    ]
    favours = [
        Reason(
            group="bureau_debt",
            label=two(language, "Encours dans d'autres établissements", "Owed to other lenders"),
            sentence=two(
                language,
                "Les montants restant dus à d'autres établissements sont mesurés.",
                "The amounts still owed to other lenders are moderate.",
            ),
            contribution=-0.36,
            feature="bureau_debt_sum",
            feature_label=two(
                language,
                "Montant encore dû sur les crédits extérieurs",
                "Amount still owed on external credits",
            ),
            value=0.0,
            reference=45_210.5,
            unit="amount",
        ),
        Reason(
            group="age",
            label=two(language, "Âge", "Age"),
            sentence=two(language, "Votre tranche d'âge.", "Your age band."),
            contribution=-0.2,
            feature="birth_days",
            feature_label=two(language, "Âge", "Age"),
            value=-14_000,
            reference=-16_000,
            unit="days",
        ),
        Reason(
            group="education",
            label=two(language, "Formation", "Education"),
            sentence=two(
                language,
                "Le niveau d'études déclaré est associé à un risque plus faible.",
                "The declared education level is associated with a lower risk.",
            ),
            contribution=-0.11,
            feature="education",
            feature_label=two(language, "Niveau d'études", "Education level"),
            value="Higher education",
            reference=None,
            unit="category",
        ),
    ]
    return weighs, favours


def explanation(number: int, language: str) -> ExplainResponse:
    """Return a full answer about an invented client."""
    probability = CLIENTS[number]
    weighs, favours = reasons(language, hostile=number == HOSTILE)
    verdict, causes = Verdict.DECLINE, []
    if number == GRANTED:
        verdict, weighs = Verdict.GRANT, weighs[3:]
    if number == STUDIED:
        verdict, causes = Verdict.REFER, [ReferCause.GREY_ZONE, ReferCause.THIN_FILE]
    shown = (*weighs, *favours)
    return ExplainResponse(
        assessment_id="asm_000000000000000000000001",
        client_id=number,
        assessed_at=NOW,
        model_tag="scorecard:stand-in",
        default_probability=probability,
        cut_off=0.0909,
        verdict=verdict,
        refer_causes=causes,
        grey_zone=(0.08, 0.102),
        points=552,
        risk_band="D",
        language="fr" if language == "fr" else "en",
        base=-2.7,
        raw_score=-2.7 + sum(r.contribution for r in shown) + 0.08,
        weighs=weighs,
        favours=favours,
        others=0.08,
        by_group=[
            *(
                GroupContribution(group=r.group, label=r.label, contribution=r.contribution)
                for r in shown
            ),
            GroupContribution(
                group="region", label=two(language, "Région", "Region"), contribution=0.08
            ),
        ],
        by_feature=[
            FeatureContribution(
                feature=r.feature,
                label=r.feature_label,
                group=r.group,
                contribution=r.contribution,
                value=r.value,
                reference=r.reference,
                unit=r.unit,
            )
            for r in shown
        ],
        cautions=[],
    )


def dossier(number: int, language: str) -> ClientResponse:
    """Return everything held about an invented client."""

    def item(name: str, french: str, english: str, value: Any, unit: str) -> Item:
        return Item(name=name, label=two(language, french, english), value=value, unit=unit)

    application = [
        item("amount_credit", "Montant du crédit", "Credit amount", 135_000.0, "amount"),
        item("annuity", "Mensualité", "Instalment", 4_380.5, "amount"),
        item("contract_type", "Type de contrat", "Contract type", "Cash loans", ""),
        item("income_total", "Revenu déclaré", "Declared income", 128_250.0, "amount"),
        item("owns_car", "Possède une voiture", "Owns a car", 1, ""),
        item("birth_days", "Âge", "Age", -14_100, "days"),
        item(
            "phone_change_days", "Dernier changement de téléphone", "Last phone change", -12, "days"
        ),
        item("car_age_years", "Âge de la voiture", "Age of the car", None, "years"),
        item("external_score_1", "Note extérieure n° 1", "External score no. 1", None, "score"),
    ]
    bureau = [
        item("credits_count", "Crédits extérieurs", "External credits", 2, "count"),
        item("debt", "Montant encore dû", "Amount still owed", 0.0, "amount"),
    ]
    return ClientResponse(
        client_id=number,
        received_at=NOW,
        language="fr" if language == "fr" else "en",
        sections=[
            Section(
                name="applications.loan",
                label=two(language, "Demande de crédit", "Credit application"),
                origin=two(language, "votre demande", "your application"),
                items=application,
            ),
            Section(
                name="bureau.bureau_debt",
                label=two(language, "Crédits dans d'autres établissements", "Other lenders"),
                origin=two(language, "bureau de crédit", "credit bureau"),
                items=bureau,
            ),
        ],
    )


def simulation(asked: SimulateRequest) -> SimulateResponse:
    """Return a simulation that turns the proposal."""
    income = 128_250.0

    def side(amount: float, annuity: float, probability: float, verdict: Verdict) -> Side:
        return Side(
            amount_credit=amount,
            annuity=annuity,
            effort_rate=annuity / income,
            default_probability=probability,
            verdict=verdict,
            refer_causes=[],
            points=552,
            risk_band="D",
        )

    return SimulateResponse(
        simulation_id="sim_1",
        client_id=asked.client_id,
        simulated_at=NOW,
        model_tag="scorecard:stand-in",
        cut_off=0.0909,
        before=side(135_000, 4_380.5, 0.137, Verdict.DECLINE),
        after=side(asked.changes.amount_credit or 135_000, 4_380.5, 0.061, Verdict.GRANT),
        moved=[
            Moved(
                group="affordability",
                label=two(asked.language, "Crédit rapporté au revenu", "Credit to income"),
                before=0.82,
                after=0.1,
            )
        ],
    )


def levers(asked: RecourseRequest) -> RecourseResponse:
    """Return what would turn the proposal of a declined client; nothing for the others."""
    declined = CLIENTS[asked.client_id] > 0.1
    smaller = RecourseLever(
        name="smaller_credit",
        sentence=two(asked.language, "Un crédit de 98 000.", "A credit of 98,000."),
        changes={"amount_credit": 98_000.0, "annuity": 3_180.0},
        default_probability=0.078,
    )
    return RecourseResponse(
        recourse_id="rec_1",
        client_id=asked.client_id,
        found_at=NOW,
        model_tag="scorecard:stand-in",
        verdict=Verdict.DECLINE if declined else Verdict.GRANT,
        sentence=two(asked.language, "Ces changements suffiraient.", "These would be enough."),
        levers=[smaller] if declined else [],
        largest_amount=98_000.0,
        beyond_reach=[],
        language=asked.language,
    )


def standing(language: str, name: str, value: float | None) -> Standing:
    """Return where a client stands for one item of a group spread from 0 to 100,000."""
    return Standing(
        feature=name,
        label=two(language, f"Élément {name[-1]}", f"Item {name[-1]}"),
        unit="amount",
        value=value,
        share_below=None if value is None else 0.25,
        missing_share=0.02,
        quantiles=[5_000.0 * number for number in range(21)],
    )


def comparison(asked: CompareRequest) -> CompareResponse:
    """Return where an invented client stands for eight items, one missing, one protected."""
    names = ["birth_days", *(f"item_{number}" for number in range(8))]
    return CompareResponse(
        client_id=asked.client_id,
        group=asked.group,
        clients=2_410,
        default_rate=0.043,
        language=asked.language,
        standings=[
            standing(asked.language, name, None if name == "item_1" else 25_000.0) for name in names
        ],
        not_shown=[],
    )


def line(number: int) -> ClientLine:
    """Return an invented client as listed; those without an answer were never scored."""
    probability = CLIENTS.get(number)
    scored = probability is not None
    return ClientLine(
        client_id=number,
        received_at=NOW,
        source="invented",
        contract_type="Cash loans",
        amount_credit=135_000,
        annuity=None,
        verdict=explanation(number, "en").verdict if scored else None,
        default_probability=probability,
        risk_band="D" if scored else None,
    )


def refusal(status: int, code: str, message: str, **headers: str) -> JSONResponse:
    """Return an error in the one shape of the contract."""
    body = ErrorResponse(error=ErrorBody(code=code, message=message)).model_dump()
    return JSONResponse(body, status, {key.replace("_", "-"): v for key, v in headers.items()})


def stand_in(mood: Mood) -> Starlette:
    """Return the stand-in; ``mood`` steers it while it runs."""

    async def refused(request: Request) -> JSONResponse | None:
        mood.asked.append(f"{request.method} {request.url.path}")
        await asyncio.sleep(mood.seconds_to_answer)
        if mood.down:
            return refusal(503, "unavailable", "The service cannot answer.")
        own = request.url.path.startswith("/view") and not mood.link_is_shut
        token = OWN_TOKEN if own else "stand-in-token"
        signed = request.headers.get("authorization") == f"Bearer {token}"
        if request.url.path != "/sessions" and (mood.forgets_sessions or not signed):
            return refusal(401, "unauthorized", "Sign in.")
        return None

    async def sign_in(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = await request.json()
        if mood.failed_logins >= 5:
            return refusal(429, "throttled", "Wait.", Retry_After="300")
        if asked["name"] not in PEOPLE or asked["password"] != PASSWORD:
            mood.failed_logins += 1
            return refusal(401, "unauthorized", "No.")
        expires = (datetime.now(UTC) + timedelta(hours=8)).isoformat()
        role = PEOPLE[asked["name"]]
        return JSONResponse({"token": "stand-in-token", "role": role, "expires_at": expires})

    async def sign_out(request: Request) -> JSONResponse:
        return await refused(request) or JSONResponse({})

    async def explain(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = await request.json()
        if asked["client_id"] not in CLIENTS:
            return refusal(404, "unknown_client", "No such client.")
        answer = explanation(asked["client_id"], asked["language"])
        return JSONResponse(answer.model_dump(mode="json"))

    async def client(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        number = request.path_params["number"]
        if number not in CLIENTS:
            return refusal(404, "unknown_client", "No such client.")
        held = dossier(number, request.query_params.get("language", "fr"))
        return JSONResponse(held.model_dump(mode="json"))

    async def decide(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = DecisionRequest.model_validate_json(await request.body())
        mood.decisions.append(asked)
        departs = asked.decision != "DECLINE"
        answer = DecisionResponse(
            decision_id=f"dec_{len(mood.decisions):024d}",
            assessment_id=asked.assessment_id,
            client_id=DECLINED,
            decided_at=NOW,
            decided_by="Claire Martin",
            role="advisor",
            decision=asked.decision,
            verdict=Verdict.DECLINE,
            is_override=departs,
            motive=asked.motive,
            revises=asked.revises,
        )
        return JSONResponse(answer.model_dump(mode="json"))

    async def simulate(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = SimulateRequest.model_validate_json(await request.body())
        mood.simulated.append(asked)
        return JSONResponse(simulation(asked).model_dump(mode="json"))

    async def export(request: Request) -> Response:
        if (no := await refused(request)) is not None:
            return no
        return Response(b'{"held": 1}', media_type="application/json")

    async def recourse(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = RecourseRequest.model_validate_json(await request.body())
        return JSONResponse(levers(asked).model_dump(mode="json"))

    async def compare(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = CompareRequest.model_validate_json(await request.body())
        if asked.group == "similar":
            return refusal(409, "conflict", "No such group.")
        return JSONResponse(comparison(asked).model_dump(mode="json"))

    async def clients(request: Request) -> JSONResponse:
        if (no := await refused(request)) is not None:
            return no
        asked = ClientsQuery.model_validate(dict(request.query_params))
        mood.searched.append(asked)
        every = [line(number) for number in (*CLIENTS, *range(100_010, 100_030))]
        found = [
            one
            for one in every
            if one.client_id > asked.after
            and asked.verdict in {None, one.verdict}
            and asked.risk_band in {None, one.risk_band}
        ]
        more = found[asked.limit - 1].client_id if len(found) > asked.limit else None
        answer = ClientsResponse(clients=found[: asked.limit], next=more, run_id="run-1")
        return JSONResponse(answer.model_dump(mode="json"))

    return Starlette(
        routes=[
            Route("/recourse", recourse, methods=["POST"]),
            Route("/compare", compare, methods=["POST"]),
            Route("/clients", clients),
            Route("/decisions", decide, methods=["POST"]),
            Route("/simulate", simulate, methods=["POST"]),
            Route("/clients/{number:int}/export", export),
            Route("/sessions", sign_in, methods=["POST"]),
            Route("/sessions", sign_out, methods=["DELETE"]),
            Route("/explain", explain, methods=["POST"]),
            Route("/clients/{number:int}", client),
            *rights_routes(lambda: mood.filed, refused, DECLINED, dossier, explanation),
        ]
    )
