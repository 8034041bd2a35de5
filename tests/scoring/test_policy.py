"""The rules that a lender signs: what they hit, what they say, and which files are refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.raw.prepare import Prepared, prepare
from features.raw.tables import APPLICATIONS
from scoring.contract.base import Verdict
from scoring.cut_off import CutOff
from scoring.measures import measures
from scoring.policy import FILE, Effect, InvalidPolicy, Policy, Rule, policy
from scoring.verdict import propose

CUT_OFF = CutOff(value=0.09, interval=(0.08, 0.10), grey_zone=(0.085, 0.095))
PLAUSIBLE: dict[str, object] = {
    "contract_type": "Cash loans", "income_total": 135_000.0, "amount_credit": 450_000.0,
    "annuity": 22_500.0, "goods_price": 405_000.0, "birth_days": -14_000,
    "employment_days": -2_000, "registration_days": -5_000.0, "identity_document_days": -900,
    "phone_change_days": -300.0, "children_count": 1, "family_members_count": 3.0,
    "car_age_years": 9.0, "income_type": "Working",
}  # fmt: skip
RULES = {rule.code: rule for rule in policy().rules}


def hit(application: dict[str, object]) -> set[str]:
    """Return the codes of the rules that an application meets."""
    return {rule.code for rule in policy().hits(application)}


@pytest.mark.parametrize("code", RULES)
def test_a_rule_treats_its_examples_as_the_file_says(code: str) -> None:
    """Whoever signs reads one application that is hit and one that is not: so it is."""
    assert code in hit(dict(RULES[code].examples.hit))
    assert code not in hit(dict(RULES[code].examples.spared))


def test_a_plausible_application_meets_no_rule() -> None:
    """The policy speaks of the exception: an ordinary request passes it in silence."""
    assert hit(PLAUSIBLE) == set()


def test_nothing_known_meets_no_rule() -> None:
    """A missing value is no evidence, whatever the rule."""
    assert hit({}) == set()
    assert hit(dict.fromkeys(PLAUSIBLE)) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"income_total": 1.0, "annuity": 1.5}, "EFFORT_MAXIMUM"),
        ({"income_total": 45_000.0, "annuity": 67_500.0}, "REMAINING_INCOME"),
        ({"income_total": 1.0}, "REMAINING_INCOME"),
        ({"amount_credit": 1e9}, "AMOUNT_MAXIMUM"),
        ({"annuity": 1.0}, "TERM_MAXIMUM"),
    ],
)
def test_an_application_nobody_could_repay_is_declined(
    changes: dict[str, object], code: str
) -> None:
    """An income of 1 or an instalment above the income ends in DECLINE, however low the risk."""
    hits = policy().hits(PLAUSIBLE | changes)
    assert code in {rule.code for rule in hits}
    assert propose(0.001, CUT_OFF, (), hits).verdict is Verdict.DECLINE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"goods_price": 90_000.0}, "CREDIT_BEYOND_GOODS"),
        ({"annuity": 67_500.0}, "EFFORT_HIGH"),
        ({"birth_days": -27_300}, "AGE_AT_END"),
    ],
)
def test_what_hardly_any_client_declares_goes_to_a_person(
    changes: dict[str, object], code: str
) -> None:
    """Neither granted on an implausible figure nor refused for it."""
    hits = policy().hits(PLAUSIBLE | changes)
    assert code in {rule.code for rule in hits}
    assert propose(0.001, CUT_OFF, (), hits).verdict is Verdict.REFER


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"children_count": 30, "family_members_count": 32.0}, "CHILDREN_IMPLAUSIBLE"),
        ({"children_count": 10, "family_members_count": 40.0}, "HOUSEHOLD_IMPLAUSIBLE"),
        ({"children_count": 3}, "NO_ADULT"),
        ({"income_total": 1e8}, "INCOME_IMPLAUSIBLE"),
        ({"car_age_years": 120.0}, "CAR_IMPLAUSIBLE"),
        ({"employment_days": -13_000}, "HIRED_AS_A_CHILD"),
        ({"employment_days": -20_000}, "JOB_LONGER_THAN_A_LIFE"),
        ({"registration_days": -14_001.0}, "BEFORE_BIRTH"),
        ({"identity_document_days": 1}, "AFTER_TODAY"),
        ({"goods_price": 9_000_000.0}, "GOODS_BEYOND_CREDIT"),
    ],
)
def test_what_nobody_can_have_is_refused_and_never_helps(
    changes: dict[str, object], code: str
) -> None:
    """Refused where it is received; where it is held already, declined however low the risk."""
    hits = policy().hits(PLAUSIBLE | changes)
    assert (code, Effect.REFUSE_INPUT) in {(rule.code, rule.effect) for rule in hits}
    assert propose(0.001, CUT_OFF, (), hits).verdict is Verdict.DECLINE


def test_a_minor_is_refused_as_input_and_told_no_figure() -> None:
    """An error tells the limit alone, because errors are logged and a client's age is not."""
    (rule,) = policy().hits(PLAUSIBLE | {"birth_days": -6_000, "employment_days": None,
                                         "family_members_count": None})  # fmt: skip
    assert (rule.code, rule.effect) == ("AGE_MINIMUM", Effect.REFUSE_INPUT)
    assert rule.sentence({}, "fr") == "Il faut avoir au moins 18\xa0ans pour demander un crédit."


def test_age_declines_nobody() -> None:
    """The oldest client is sent to a person at most, and only for where the term would end."""
    dates = ("employment_days", "registration_days", "identity_document_days")
    undated = PLAUSIBLE | dict.fromkeys((*dates, "phone_change_days"))
    for days in range(-40_000, -6_574, 500):
        effects = {rule.effect for rule in policy().hits(undated | {"birth_days": days})}
        assert effects <= {Effect.REFER}


@pytest.mark.parametrize("code", RULES)
def test_a_sentence_holds_its_figures(code: str) -> None:
    """In both languages, with nothing left open, the limit in it where it is named."""
    rule = RULES[code]
    for language in ("fr", "en"):
        (said,) = policy().sentences((code,), dict(rule.examples.hit), language, "EUR")
        assert not re.search(r"[{}_]|\bNone\b|\bnan\b|non connu|not known", said)
        limit = measures()[rule.conditions[0].measure].limit(
            rule.conditions[0].limit, language, "EUR"
        )
        assert limit in said or "limit" not in rule.placeholders


@pytest.mark.parametrize(
    ("annuity", "said"),
    [(60_300.0, "60,3\xa0%"), (60_000.6, "60,001\xa0%"), (90_000.0, "90\xa0%")],
)
def test_a_figure_never_reads_like_the_limit_it_exceeds(annuity: float, said: str) -> None:
    """60.3 % above a ceiling of 60 % is not written as 60 % above 60 %."""
    application: dict[str, object] = {"income_total": 100_000.0, "annuity": annuity}
    (sentence,) = policy().sentences(("EFFORT_MAXIMUM",), application, "fr")
    assert f"prend {said} du revenu" in sentence
    assert "plafond de 60\xa0%" in sentence


def _values(name: str) -> st.SearchStrategy[object]:
    column = APPLICATIONS[name]
    if column.kind == "category":
        return st.sampled_from([None, *column.categories, "Misspelt"])
    near = st.sampled_from([PLAUSIBLE.get(name), 0, 1, -6_574, -6_575, 45_000, 14.0, 2.5e6])
    wide = st.floats(-50_000, 1e9) | st.integers(-40_000, 20) | st.floats(0, 300)
    return st.none() | near | wide


applications = st.fixed_dictionaries({}, optional={name: _values(name) for name in PLAUSIBLE})


@settings(max_examples=150, deadline=None)
@given(st.lists(applications, min_size=1, max_size=8))
def test_one_application_and_many_meet_the_same_rules(some: list[dict[str, object]]) -> None:
    """The portfolio is judged as each client is at the counter, missing values and all."""
    types = {name: pl.String if APPLICATIONS[name].kind == "category" else pl.Float64
             for name in PLAUSIBLE}  # fmt: skip
    frame = pl.DataFrame(
        {name: pl.Series([one.get(name) for one in some], dtype=dtype, strict=False)
         for name, dtype in types.items()}
    )  # fmt: skip
    for in_force in (policy(), WORDED):
        assert in_force.hits_frame(frame) == [in_force.hits(one) for one in some]


@settings(max_examples=150, deadline=None)
@given(applications)
def test_every_rule_met_can_be_said(application: dict[str, object]) -> None:
    """Whatever is declared, the sentence holds a figure, never a hole."""
    codes = tuple(rule.code for rule in policy().hits(application))
    for sentence in policy().sentences(codes, application, "fr", "EUR"):
        assert not re.search(r"[{}_]|\b(None|nan|inf)\b", sentence)


def test_a_frame_may_lack_columns() -> None:
    """A column that was never delivered is missing for everybody, and hits nobody."""
    frame = pl.DataFrame({"client_id": [1, 2, 3], "children_count": [0, 30, None]})
    found = policy().hits_frame(frame)
    assert [[rule.code for rule in met] for met in found] == [[], ["CHILDREN_IMPLAUSIBLE"], []]
    assert policy().hits_frame(frame.clear()) == []


def test_the_identity_follows_the_content() -> None:
    """Another limit is another policy, and one read back from a record is the same."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    assert policy().identity.startswith(content["version"])
    assert Policy.model_validate(policy().model_dump(mode="json")).identity == policy().identity
    next(r for r in content["rules"] if r["code"] == "EFFORT_MAXIMUM")["conditions"][0]["above"] = (
        0.61
    )
    assert Policy.model_validate(content).identity != policy().identity


def test_each_attribute_has_its_demand() -> None:
    """What the fairness report compares has one limit and a reason in both languages."""
    demands = policy().fairness
    assert set(demands.bounds) == {"gender", "age_band", "family_status"}
    for demand in demands.bounds.values():
        assert (demand.floor is None) is (demand.measure == "calibration_gap")
        assert all(words.endswith(".") for words in demand.reason)


def _worded() -> Policy:
    """A policy whose rule reads a word of the form."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    rule = next(one for one in content["rules"] if one["code"] == "CAR_IMPLAUSIBLE")
    rule |= {
        "code": "OUT_OF_WORK",
        "conditions": [{"measure": "income_type", "equals": "Unemployed"}],
        "words": {"fr": "Source de revenu : {limit}.", "en": "Source of income: {limit}."},
        "examples": {"hit": {"income_type": "Unemployed"}, "spared": {"income_type": "Working"}},
    }
    return Policy.model_validate(content)


WORDED = _worded()


def test_a_rule_may_read_a_word() -> None:
    """A source of income is compared as it is declared, and said in the reader's language."""
    assert [rule.code for rule in WORDED.hits({"income_type": "Unemployed"})] == ["OUT_OF_WORK"]
    (said,) = WORDED.sentences(("OUT_OF_WORK",), {"income_type": "Unemployed"}, "fr")
    assert said != "Source de revenu : Unemployed."


Change = Callable[[dict[str, Any]], None]


def _rule(content: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(rule for rule in content["rules"] if rule["code"] == code)
    return found


def _on_gender(content: dict[str, Any]) -> None:
    _rule(content, "CAR_IMPLAUSIBLE")["conditions"] = [{"measure": "gender", "equals": "M"}]


def _declines_for_age(content: dict[str, Any]) -> None:
    _rule(content, "AGE_AT_END")["effect"] = "decline"


def _limit_typed(content: dict[str, Any]) -> None:
    _rule(content, "EFFORT_MAXIMUM")["words"]["fr"] = "La mensualité dépasse 60 % du revenu."


def _figure_in_an_error(content: dict[str, Any]) -> None:
    for language in ("fr", "en"):
        _rule(content, "AGE_MINIMUM")["words"][language] = "{age_years} / {limit}."


def _lies_in_an_example(content: dict[str, Any]) -> None:
    _rule(content, "EFFORT_MAXIMUM")["examples"]["spared"]["annuity"] = 67_500


def _unknown_measure(content: dict[str, Any]) -> None:
    _rule(content, "EFFORT_MAXIMUM")["conditions"][0]["measure"] = "efort_rate"


def _no_bound(content: dict[str, Any]) -> None:
    _rule(content, "EFFORT_MAXIMUM")["conditions"][0] = {"measure": "effort_rate"}


def _twice(content: dict[str, Any]) -> None:
    content["rules"].append(content["rules"][0])


def _floor_for_a_gap(content: dict[str, Any]) -> None:
    content["fairness"]["bounds"]["gender"]["measure"] = "calibration_gap"


def _unsigned(content: dict[str, Any]) -> None:
    del content["signed_by"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_on_gender, "rules.20.conditions.0"),
        (_declines_for_age, "age declines nobody"),
        (_limit_typed, "never by a digit"),
        (_figure_in_an_error, "that of a refused input, no measure"),
        (_lies_in_an_example, "EFFORT_MAXIMUM should spare is hit"),
        (_unknown_measure, "measure is none that a rule may name"),
        (_no_bound, "a condition needs one of"),
        (_twice, "two rules have the same code"),
        (_floor_for_a_gap, "calibration_gap has a ceiling"),
        (_unsigned, "signed_by"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    change: Change, named: str, tmp_path: Path
) -> None:
    """The error names the file, the entry and what is wrong, and says what to do."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InvalidPolicy, match=re.escape(named)) as refused:
        policy(file)
    assert "changed.json" in str(refused.value)
    assert "SCORING_POLICY" in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "2026-11"}'])
def test_what_is_no_policy_at_all_is_refused(text: str, tmp_path: Path) -> None:
    """An empty, broken or unfinished file puts nothing in force."""
    file = tmp_path / "broken.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidPolicy):
        policy(file)
    with pytest.raises(InvalidPolicy, match=r"absent\.json .* cannot be read"):
        policy(tmp_path / "absent.json")


def _must_hit_few(prepared: Prepared) -> None:
    forms = prepared.scan("applications").collect()
    counted = Counter(rule.code for met in policy().hits_frame(forms) for rule in met)
    shares = {code: counted[code] / forms.height for code in RULES}
    of_means = {code for code, rule in RULES.items() if rule.kind == "affordability"}
    assert {code: share for code, share in shares.items()
            if share > 0.01 and code not in of_means} == {}  # fmt: skip
    assert 0 < shares["EFFORT_MAXIMUM"] < 0.005
    assert 0 < shares["EFFORT_HIGH"] < 0.02
    assert shares["REMAINING_INCOME"] <= shares["EFFORT_MAXIMUM"]
    refused = sum(shares[code] for code, rule in RULES.items()
                  if rule.effect is Effect.REFUSE_INPUT)  # fmt: skip
    assert refused < 1e-4


@pytest.mark.genuine
def test_few_genuine_clients_meet_a_rule(prepared_core: Prepared) -> None:
    """No rule but those of affordability hits more than one genuine client in a hundred."""
    _must_hit_few(prepared_core)


@pytest.mark.genuine
def test_few_of_the_larger_archive_meet_a_rule(genuine: Path, tmp_path: Path) -> None:
    """The same of the archive of applications alone."""
    archive = genuine / "home-credit-applications.zip"
    _must_hit_few(prepare(archive, tmp_path, report=lambda _line: None))


def test_the_gravest_rule_is_named_first() -> None:
    """A person reads what decided before what merely asks for a look."""
    application = PLAUSIBLE | {"income_total": 25_000.0, "goods_price": 90_000.0}
    effects = [rule.effect for rule in policy().hits(application)]
    assert effects == sorted(effects, key=list(Effect).index)
    assert {Effect.DECLINE, Effect.REFER} <= set(effects)


def test_rules_are_frozen() -> None:
    """What was signed is not changed by code that holds it."""
    rule: Rule = RULES["EFFORT_MAXIMUM"]
    with pytest.raises(ValueError, match="frozen"):
        rule.effect = Effect.REFER  # type: ignore[misc]
