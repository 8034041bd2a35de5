"""What each field of the contract means, in which unit, with an example: said once for all models.

A model's own description of a field goes before these words. Amounts are in the lender's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.raw.tables import APPLICATIONS

_AT = "2026-11-23T09:00:00Z"
_DAY = "2026-11-23"
_ASM, _DEC, _REQ = (f"{kind}_0123456789abcdef01234567" for kind in ("asm", "dec", "req"))
_TAG = "scorecard:b4xh2qgk3o5v6aax"
_LABEL = "Declared income"
_SENTENCE = "6 of 32 instalments of the last 12 months were paid late."
_CHANGES = {"amount_credit": 98000.0}

WORDS: dict[str, tuple[str, Any]] = {
    "after": ("the other side: with the changes", None),
    "after_text": ("its figure after the changes, in words", "98,000"),
    "amount_credit": ("amount of the credit, in the lender's currency", 98000.0),
    "annuity": ("instalment of one month, in the lender's currency", 6200.0),
    "application": ("the application, by plain names; what is absent is missing", None),
    "asked_by": ("who asked: the name of a user, or the id of a key", "key_0123456789ab"),
    "assessed_at": ("when it was assessed, UTC", _AT),
    "assessment": ("the last assessment; null when there is none", None),
    "assessment_id": ("id of the recorded assessment", _ASM),
    "base": ("mean raw score of the granted clients, log-odds", -2.4),
    "before": ("the side held now", None),
    "before_text": ("its figure before the changes, in words", "300,000"),
    "cautions": ("what else lowers confidence, in words, the gravest first", []),
    "changes": ("the items to change, by plain names", _CHANGES),
    "client": ("everything held about the client", None),
    "client_id": ("the client's number", 100002),
    "client_ids": ("the clients' numbers, 5,000 at most", [100002, 100003]),
    "clients": ("the clients: a list, or how many of them there are", None),
    "closed_at": ("when it was closed, UTC", _AT),
    "closed_by": ("who closed it", "the risk officer"),
    "comparison": ("what is usual among granted clients, in a sentence", "Usually it is none."),
    "contract_type": ("kind of contract, one of the declared words", "Cash loans"),
    "contribution": ("what it adds to the log-odds; positive weighs", 0.21),
    "cut_off": ("probability above which credit is not granted, a share from 0 to 1", 0.0909),
    "data_fingerprint": ("hash of the data it was trained on", "5f1e0c7d"),
    "days": ("how many days the link opens, 1 to 30", 7),
    "decided_at": ("when it was decided, UTC", _AT),
    "decided_by": ("what the proposal rests on, or who signed the decision", "scorecard"),
    "decision": ("what the advisor signed", "GRANT"),
    "decision_id": ("id of the recorded decision", _DEC),
    "decisions": ("the decisions on it, oldest first", []),
    "default_probability": ("calibrated probability of default, a share from 0 to 1", 0.0534),
    "default_rate": ("share of the group that defaulted, from 0 to 1", 0.08),
    "easing": ("items that weigh less as time passes", []),
    "effort_rate": ("monthly instalment over declared income, a share", 0.21),
    "expires_at": ("when it ends, UTC", "2026-11-30T09:00:00Z"),
    "fairness_gate": ("whether groups of people are served alike", "passed"),
    "favours": ("reasons in favour, the strongest first", None),
    "feature": ("plain name of what is compared", "income_total"),
    "feature_version": ("version of the declared features", "0e869480429f"),
    "features": ("plain names of what to compare; all that can be when empty", ["income_total"]),
    "filed_at": ("when it was filed, UTC", _AT),
    "files": ("file name -> SHA-256", {"grid.json": "9f" * 32}),
    "format": ("form of the file", "json"),
    "found_at": ("when it was searched, UTC", _AT),
    "goods_price": ("price of the goods, in the lender's currency", 120000.0),
    "grey_zone": ("probabilities between these two shares are REFER", [0.088, 0.094]),
    "group": ("who the client is compared with", "granted"),
    "hash": ("hash that chains the record to the one before, SHA-256", "9f" * 32),
    "holds_until": ("last day on which it holds, UTC", "2026-12-23"),
    "identical": ("whether every number came out the same", True),
    "income_total": ("declared income of a year, in the lender's currency", 120000.0),
    "is_override": ("whether it departs from what was proposed", False),
    "item": ("plain name of the item", "income_total"),
    "items": ("the items, or how many there are", None),
    "kind": ("what is asked for", "rectification"),
    "label": ("its name for people", _LABEL),
    "language": ("language of the words: fr or en", "en"),
    "largest": ("the largest amount that would be granted; null when none", None),
    "limit": ("most lines of a page, 1 to 200", 50),
    "link_id": ("id of the recorded link", "lnk_0123456789abcdef01234567"),
    "links": ("the links, oldest first", None),
    "made_at": ("when it was made, UTC", _AT),
    "made_by": ("who made it", "the advisor"),
    "message": ("what to do next", "It is required."),
    "metrics": ("figures of its training run, by name", {"roc_auc": 0.76}),
    "missing_share": ("share of the group without a value, from 0 to 1", 0.02),
    "model_tag": ("the scorecard that answered, in the store of models", _TAG),
    "motive": ("why, in words; from 10 to 2,000 characters", "Income proven by three payslips."),
    "moved": ("items whose weight moved, the most first", None),
    "name": ("plain name, or the name of a person", "income_total"),
    "next": ("send it as ``after`` for the next page; null on the last", None),
    "observed_on": ("the day it was observed", _DAY),
    "offer": ("the request that would be granted", None),
    "open_request": ("whether a request of theirs is open: true or false", "true"),
    "origin": ("where it comes from", "credit application"),
    "outcome": ("what became of it", None),
    "outcome_id": ("id of the recorded outcome", "out_0123456789abcdef01234567"),
    "others": ("sum of the contributions not shown, log-odds", 0.02),
    "others_share": ("that sum beside the reasons, a share", 0.04),
    "password": ("the person's password", "correct horse battery"),
    "points": ("the score in points, more is safer", 640),
    "points_from": ("at least so many points", 600),
    "points_to": ("at most so many points", 700),
    "policy": ("version and short hash of the policy in force", "2026-11-51a630345e3f"),
    "probability_from": ("at least this probability, a share", 0.05),
    "probability_to": ("at most this probability, a share", 0.1),
    "quantiles": ("the group's values at 0 %, 5 % ... 100 %, in the item's unit", [25650.0, 9e5]),
    "raw_score": ("score before calibration, log-odds", -2.61),
    "received_at": ("when the data was received, UTC", _AT),
    "recorded": ("the numbers as recorded", None),
    "recorded_at": ("when it was recorded, UTC", _AT),
    "recourse_id": ("id of the recorded search", "rec_0123456789abcdef01234567"),
    "refer_causes": ("why a person is to study it; empty unless REFER", []),
    "replayed": ("the numbers as computed again", None),
    "request_id": ("id of the recorded request", _REQ),
    "requests": ("clients' requests, oldest first", None),
    "revises": ("the decision it replaces; null for a first one", None),
    "risk_band": ("band of probability, A (safest) to G", "B"),
    "role": ("in which role", "advisor"),
    "rows": ("one row a client, in the order asked", None),
    "rules": ("codes of the policy's rules that are met", []),
    "rule_sentences": ("what those rules found, in words", []),
    "run_id": ("a portfolio run; the last one when absent", "run_20261123"),
    "sections": ("what is held, by subject", None),
    "sentence": ("the fact, in words that hold for this client", _SENTENCE),
    "sequence": ("its place in the book of records, from 1", 1024),
    "share_below": ("share of the group below the client", 0.4),
    "simulated_at": ("when it was tried, UTC", _AT),
    "simulation_id": ("id of the recorded simulation", "sim_0123456789abcdef01234567"),
    "snapshot": ("hash of the input", "15" * 32),
    "source": ("fingerprint of the data the client came with", "5f1e0c7d"),
    "standings": ("one line for each thing compared", None),
    "state": ("how it stands", "open"),
    "status": ("how it stands, in one word", None),
    "stopped": ("whether every proposal is to be studied by a person", False),
    "subject": ("what the fact is about, for a program", "late_instalments"),
    "subject_label": ("what the fact is about, for people", "Late instalments"),
    "term_months": ("amount over instalment, months without interest", 15.8),
    "token": ("send it as Authorization: Bearer; shown once", "pads_..."),
    "trained_at": ("when it was trained, UTC", _AT),
    "turned_at": ("when it was turned, UTC", _AT),
    "unit": ("unit of the value: amount, days, share, count ...; empty for words", "amount"),
    "unknown": ("numbers of the batch that nobody has", [777777]),
    "until": ("the furthest value with the same verdict, in the item's unit", 310000.0),
    "held": ("the value held, in the item's unit", 110000.0),
    "usual": ("what is usual among granted clients, in the same unit", 150000.0),
    "usual_text": ("what is usual, in words", "150,000"),
    "value": ("the value, in its unit; null when not known", 120000.0),
    "value_text": ("the value in words, with its unit", "120,000"),
    "verdict": ("what is proposed: GRANT, REFER or DECLINE", "GRANT"),
    "views": ("how often the client looked, a count", 2),
    "weighs": ("reasons that weigh, the strongest first", None),
    "whole": ("everything", None),
    "with": ("who to compare with", "granted"),
    "with_time": ("what time alone would change; null where a lever does", None),
    "first": ("the end nearest to what was asked", None),
    "last": ("the other end", None),
    "steps": ("commercial steps in the range, a count", 12),
    "down_payment": ("what is paid at once, in the lender's currency", 22000.0),
    "due_on": ("the day an answer is due", "2026-12-23"),
    "filed_by": ("who filed it", "the advisor"),
    "follow_up": ("how it ended; null while it is open", None),
}
"""Field -> words with its unit, and an example; ``None`` when its schema or models say it."""

_OF_MODELS: dict[tuple[str, str], tuple[str, Any]] = {
    ("Moved", "before"): ("its contribution before, log-odds", 0.21),
    ("Moved", "after"): ("its contribution after, log-odds", -0.1),
    ("CompareResponse", "clients"): ("how many clients the group has", 41230),
    ("ModelCard", "items"): ("how many items it reads", 60),
    ("DecisionResponse", "decided_by"): ("who signed it", "the advisor"),
    ("OwnAssessment", "decision"): ("the decision on it; null when there is none", "GRANT"),
    ("Section", "name"): ("plain name of the subject", "applications.income"),
    ("RecourseLever", "name"): ("which lever", None),
    ("LinkLine", "state"): ("whether it opens", "in force"),
    ("SessionRequest", "name"): ("the person's name", "marie"),
    ("FollowUp", "outcome"): ("how it ended", "answered"),
    ("StopState", "role"): ("in which role", "risk"),
    ("StopState", "turned_by"): ("who turned it", "the risk officer"),
    ("AssessmentResponse", "content"): ("what was recorded", {"verdict": "GRANT"}),
    ("AssessmentResponse", "application"): ("the application", {"income_total": 120000.0}),
    ("SessionResponse", "role"): ("the person's role", "advisor"),
    ("Problem", "status"): ("the HTTP status", 422),
}
"""Where a name means something else in one model."""

_ONE = {"client_id": 100002}
_APPLICATION = {
    "contract_type": "Cash loans",
    "income_total": 120000.0,
    "amount_credit": 300000.0,
    "annuity": 20000.0,
    "birth_days": -12000,
}
_INCOME = {
    "kind": "rectification",
    "item": "income_total",
    "value": 120000.0,
    "motive": "My income is that of the three payslips I brought.",
}
REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "score": _ONE,
    "explain": {**_ONE, "language": "en"},
    "simulate": {**_ONE, "changes": _CHANGES},
    "recourse": {**_ONE, "language": "en"},
    "compare": {**_ONE, "with": "granted", "features": ["income_total"]},
    "score_batch": {"client_ids": [100002, 100003]},
    "put_client": {"application": _APPLICATION},
    "decide": {"assessment_id": _ASM, "decision": "GRANT"},
    "outcome": {**_ONE, "outcome": "REPAID", "observed_on": _DAY},
    "file_request": {**_ONE, **_INCOME},
    "follow_up": {"outcome": "accepted"},
    "make_link": {**_ONE, "days": 7},
    "view_file_request": _INCOME,
    "turn_stop": {"stopped": True, "motive": "Figures of the bureau are wrong since today."},
    "log_in": {"name": "marie", "password": "..."},
}
"""An example of each body that is sent."""

_UNITS = {"amount": "in the lender's currency", "days": "days before the application", "": ""}


def complete(model: str, schema: dict[str, Any]) -> None:
    """Give every field of a schema its words and unit, unless it has words of its own."""
    for name, field in schema.get("properties", {}).items():
        if model == "Application":
            column = APPLICATIONS[name]
            unit = _UNITS.get(column.unit, column.unit)
            field["description"] = f"{column.label.en}{unit and ', ' + unit}"
        elif "description" not in field:
            words = _OF_MODELS.get((model, name)) or WORDS.get(name)
            if words is not None:
                field["description"] = words[0]
        field.pop("title", None)


def example(schema: Mapping[str, Any], models: Mapping[str, Any]) -> Any:
    """Return an example of what ``schema`` takes, made of the fields' own."""
    return _example(schema, models, "", "")


def _example(schema: Mapping[str, Any], models: Mapping[str, Any], model: str, name: str) -> Any:
    known = _OF_MODELS.get((model, name)) or WORDS.get(name, ("", None))
    if known[1] is not None and not _is_an_object(schema, models):
        return known[1]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _example(models[name], models, name, "")
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], models, model, "")
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "array":
        return [_example(schema["items"], models, model, "")]
    if "properties" in schema:
        fields = schema["properties"].items()
        return {name: _example(field, models, model, name) for name, field in fields}
    return {"string": "...", "boolean": False, "object": {}, "null": None}.get(
        schema.get("type", "object"), 1
    )


def _is_an_object(schema: Mapping[str, Any], models: Mapping[str, Any]) -> bool:
    return "$ref" in schema and "properties" in models[schema["$ref"].rpartition("/")[2]]
