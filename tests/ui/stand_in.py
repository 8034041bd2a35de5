"""A small service over real HTTP: contract-shaped answers for the app's tests.

It knows one advisor and a few invented clients, and can be told to be down, slow or to forget
its sessions. The app's behaviour on the real service is checked end to end elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from stand_in_facts import items, reasons, two
from stand_in_rights import OWN_TOKEN, Filed, rights_routes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scoring.contract import (
    Changes,
    ClientLine,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    CompareRequest,
    CompareResponse,
    DecidedBy,
    DecisionRequest,
    DecisionResponse,
    ExplainResponse,
    Item,
    Moved,
    Problem,
    ProblemItem,
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
from scoring.contract.recourse import (
    RecourseEvenIf,
    RecourseLargest,
    RecourseLever,
    RecourseOffer,
)

PASSWORD = "a long enough sentence"  # of the invented advisor below
PEOPLE = {"Claire Martin": "advisor", "Rita Roy": "risk"}
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
GRANTED, DECLINED, STUDIED, HOSTILE, RULED = range(100_001, 100_006)
CLIENTS = {GRANTED: 0.031, DECLINED: 0.137, STUDIED: 0.0914, HOSTILE: 0.137, RULED: 0.052}
RULE = (
    "La mensualité prend plus de 60\u00a0% du revenu mensuel : 63\u00a0%.",
    "The instalment takes more than 60% of the monthly income: 63%.",
)
STUDY = (
    (
        "Le risque estimé est trop proche de la limite pour proposer une réponse.",
        "The estimated risk is too close to the limit to propose an answer.",
    ),
    (
        "Aucun crédit passé n'est connu : le calcul repose sur la demande seule.",
        "No past credit is known: the calculation rests on the application alone.",
    ),
)

INCOME_PLAUSIBLE = 200_000
IMPLAUSIBLE = (
    "Le revenu mensuel déclaré dépasse 200 000\u00a0€ : il est à corriger.",
    "The declared monthly income is above €200,000: it is to be corrected.",
)


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


def explanation(number: int, language: str, detail: str = "items") -> ExplainResponse:
    """Return a full answer about an invented client."""
    weighs, favours = reasons(language, hostile=number == HOSTILE)
    verdict, decided_by, rules, causes, said = Verdict.DECLINE, DecidedBy.SCORECARD, [], [], []
    ruled: list[str] = []
    if number == GRANTED:
        verdict, weighs = Verdict.GRANT, weighs[3:]
    if number == STUDIED:
        verdict, causes = Verdict.REFER, [ReferCause.GREY_ZONE, ReferCause.THIN_FILE]
        said = [two(language, *words) for words in STUDY]
    if number == RULED:
        decided_by, rules = DecidedBy.POLICY, ["EFFORT_MAX"]
        ruled, said = [two(language, *RULE)], [two(language, *STUDY[1])]
    every = items(language)
    told = sum(reason.contribution for reason in (*weighs, *favours))
    others = sum(line.contribution for line in every) - told
    shown = sum(abs(reason.contribution) for reason in (*weighs, *favours))
    return ExplainResponse(
        assessment_id="asm_000000000000000000000001",
        client_id=number,
        assessed_at=NOW,
        model_tag="scorecard:stand-in",
        policy="2026-11 (0123abcd)",
        default_probability=CLIENTS[number],
        cut_off=0.0909,
        verdict=verdict,
        decided_by=decided_by,
        rules=rules,
        rule_sentences=ruled,
        refer_causes=causes,
        grey_zone=(0.08, 0.102),
        points=552,
        risk_band="D",
        language="fr" if language == "fr" else "en",
        base=-2.7,
        raw_score=-2.7 + sum(line.contribution for line in every),
        weighs=weighs,
        favours=favours,
        others=others,
        others_share=abs(others) / (abs(others) + shown),
        items=every if detail == "items" else None,
        cautions=said,
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
            decided_by=DecidedBy.SCORECARD,
            rules=[],
            rule_sentences=[],
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
                item="credit_to_income",
                label=two(asked.language, "Crédit sur revenu mensuel", "Credit over income"),
                before=0.82,
                after=0.1,
                before_text=two(asked.language, "12,4 mois", "12.4 months"),
                after_text=two(asked.language, "9,0 mois", "9.0 months"),
            ),
            Moved(
                item="birth_days",
                label=two(asked.language, "Âge", "Age"),
                before=0.1,
                after=0.2,
                before_text="38",
                after_text="39",
            ),
        ],
    )


def levers(asked: RecourseRequest) -> RecourseResponse:
    """Return what would turn a proposal that is no approval; how far a granted one may go."""
    proposed = explanation(asked.client_id, asked.language, "reasons")
    granted = proposed.verdict is Verdict.GRANT
    found = {"recourse_id": "rec_1", "found_at": NOW, "model_tag": "scorecard:stand-in"}
    return RecourseResponse(
        **found,
        client_id=asked.client_id,
        policy="2026-11 (0123abcd)",
        verdict=proposed.verdict,
        decided_by=proposed.decided_by,
        sentence=two(asked.language, "Ces changements suffiraient.", "These would be enough."),
        levers=[] if granted else [smaller_credit(asked.language)],
        largest=largest(asked.language),
        even_if=[even_if(asked.language)] if granted else [],
        holds_until=date(2026, 12, 23),
        with_time=None,
        beyond_reach=[],
        rules_beyond_reach=[],
        language=asked.language,
    )


def offer(amount: float, annuity: float, probability: float) -> RecourseOffer:
    """Return a request that would be granted, for goods of the same price."""
    return RecourseOffer(
        changes=Changes(amount_credit=amount, annuity=annuity),
        term_months=amount / annuity,
        down_payment=None,
        default_probability=probability,
    )


def smaller_credit(language: str) -> RecourseLever:
    """Return a range of smaller credits."""
    return RecourseLever(
        name="smaller_credit",
        sentence=two(
            language,
            "Un crédit de 90 000 à 98 000 sur 31 mois, mensualité de 2 920 à 3 180.",
            "A credit of 90,000 to 98,000 over 31 months, instalment of 2,920 to 3,180.",
        ),
        first=offer(98_000.0, 3_180.0, 0.078),
        last=offer(90_000.0, 2_920.0, 0.071),
        steps=5,
        capped=False,
    )


def largest(language: str) -> RecourseLargest:
    """Return the largest amount granted."""
    return RecourseLargest(
        sentence=two(
            language,
            "Montant le plus grand accordé : 98 000 sur 31 mois, mensualité de 3 180.",
            "Largest amount granted: 98,000 over 31 months, instalment of 3,180.",
        ),
        offer=offer(98_000.0, 3_180.0, 0.078),
        capped=False,
    )


def even_if(language: str) -> RecourseEvenIf:
    """Return how low the income may be with the same proposal."""
    return RecourseEvenIf(
        item="income_total",
        sentence=two(
            language,
            "Accord proposé même avec un revenu de 90 000.",
            "Still approved with an income of 90,000.",
        ),
        held=128_250.0,
        until=90_000.0,
        changes=Changes(income_total=90_000.0),
        default_probability=0.08,
        capped=True,
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


def refusal(
    status: int, code: str, message: str, errors: Sequence[ProblemItem] = (), **headers: str
) -> JSONResponse:
    """Return an error in the one shape of the contract."""
    same = {"title": message, "detail": message, "errors": errors}
    body = Problem(type="about:blank", status=status, code=code, **same)
    return JSONResponse(
        body.model_dump(), status, {key.replace("_", "-"): v for key, v in headers.items()}
    )


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
        answer = explanation(asked["client_id"], asked["language"], asked["detail"])
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
        if (asked.changes.income_total or 0) > INCOME_PLAUSIBLE:
            said = two(asked.language, *IMPLAUSIBLE)
            item = ProblemItem(
                pointer="/changes/income_total", code="INCOME_IMPLAUSIBLE", message=said
            )
            return refusal(422, "invalid", "Not received.", [item])
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
