"""What would turn the verdict, found by scoring again, never by a formula.

Only what a client can change at the counter is moved (``scoring.offers``). Every commercial step
of every lever is assessed, policy included, and the granted range nearest to what was asked is
told with all its conditions: each step inside it is granted, the next one outside is not, unless
the search stopped there (``capped``). A granted request is told how far it could move instead.

What no lever changes is said: a thin file, no external score, a rule about the person. For who has
no lever at all, the client's own counts of days and months are moved on, to see what time alone
would do. Nothing here is invented: everything else stays as it is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

import numpy as np

from features.raw.tables import APPLICATIONS
from scoring.assess import Assessment, assess, assess_many
from scoring.contract import DecidedBy, ReferCause, Verdict
from scoring.facts import FACTS, Form
from scoring.facts.figures import DAYS_A_MONTH
from scoring.history import History
from scoring.offers import (
    LEVERS,
    SAME_TERM,
    Offer,
    Offers,
    larger_credit,
    lower_income,
    positive,
    shorter_term,
)
from scoring.policy import Policy
from scoring.reasons import LEAST_CONTRIBUTION
from scoring.scorecard import Scorecard

Application = Mapping[str, object]

DAYS_HELD = 30
"""What is said is tried again for each of so many days to come."""
MONTHS_AHEAD = 24
"""How far time is followed for who has no lever."""

_PER_MONTH: Mapping[Form, float] = {"since_days": DAYS_A_MONTH, "since_months": 1.0}
_CLOCKED = {fact.item: _PER_MONTH[fact.form] for fact in FACTS.values() if fact.form in _PER_MONTH}
"""Items that count the time since something happened: by how much they fall in a month."""
_DAYS_OF_THE_FORM = tuple(c.name for c in APPLICATIONS.columns if c.unit == "days")


@dataclass(frozen=True, slots=True)
class End:
    """An offer that would be granted, and its probability of default."""

    offer: Offer
    default_probability: float


@dataclass(frozen=True, slots=True)
class Range:
    """Neighbouring steps of one lever, all granted: ``first`` is the nearest to what was asked.

    For a granted request it is that request. ``capped`` when the range ends where the search
    stopped; otherwise the next step is not granted.
    """

    lever: str
    first: End
    last: End
    steps: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest amount granted over the same term, up to the first refusal.

    Above what was asked when that is granted, below otherwise; ``asked`` itself when nothing larger
    is. ``capped`` when the search stopped there.
    """

    end: End
    asked: Offer
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Easing:
    """An item that weighs less on the risk from this month on, everything else unchanged."""

    item: str
    months: int


@dataclass(frozen=True, slots=True)
class WithTime:
    """What time alone would change in the client's own records, month by month."""

    granted_in_months: int | None
    easing: tuple[Easing, ...]


@dataclass(frozen=True, slots=True)
class Recourse:
    """What would turn one verdict. ``levers`` come with the least change first.

    ``holds_until`` is the last day (UTC) on which every end of every range still is granted,
    ``DAYS_HELD`` days ahead at most: the day counts of the form (time in the job ...) are moved day
    by day, what is stored of the past stays as it is. ``None`` when nothing is offered.
    """

    verdict: Verdict
    decided_by: DecidedBy
    levers: tuple[Range, ...]
    largest: Largest | None
    even_if: tuple[Range, ...]
    holds_until: date | None
    with_time: WithTime | None
    beyond_reach: tuple[ReferCause, ...]
    rules_beyond_reach: tuple[str, ...]

    def stopped(self) -> Recourse:
        """Return what is said while automatic proposals are suspended: nothing can be offered."""
        return replace(
            self,
            verdict=Verdict.REFER,
            levers=(),
            largest=None,
            even_if=(),
            holds_until=None,
            with_time=None,
            beyond_reach=(*self.beyond_reach, ReferCause.STOPPED),
        )


def recourse(
    scorecard: Scorecard,
    policy: Policy,
    application: Application,
    history: Mapping[str, float | None] | None,
    now: datetime,
) -> Recourse:
    """Find what would turn the verdict of this application; ``now`` is an aware moment."""
    known = None if history is None else History.of(history)
    case = _Case(scorecard, policy, application, known)
    held = assess(scorecard, policy, application, known)
    asked = Offer.of(application)
    granted = held.verdict is Verdict.GRANT
    tried = case.tried(_families(asked, application, granted)) if asked else {}
    found = list(_ranges(tried))
    largest = None
    if asked is not None:
        largest = _largest(asked, found, granted)
        found.sort(key=lambda one: asked.distance(one.first.offer))
    ends = [end for one in found for end in (one.first, one.last)]
    ends += [largest.end] if largest else []
    hopeless = not granted and not found
    causes, rules = _beyond_reach(held, tried) if hopeless else ((), ())
    return Recourse(
        verdict=held.verdict,
        decided_by=held.decided_by,
        levers=() if granted else tuple(found),
        largest=largest,
        even_if=tuple(one for one in found if granted and one.steps > 1),
        holds_until=_holds_until(case, ends, now) if ends else None,
        with_time=_with_time(case) if hopeless else None,
        beyond_reach=causes,
        rules_beyond_reach=rules,
    )


Tried = Mapping[str, Sequence[tuple[Offer, Assessment]]]
"""Every step of each lever with its assessment, the nearest to what was asked first."""


@dataclass(frozen=True, slots=True)
class _Case:
    """The application that is changed, and what assesses it."""

    scorecard: Scorecard
    policy: Policy
    application: Application
    history: History | None

    def assess(self, applications: Sequence[Application]) -> list[Assessment]:
        histories = [self.history] * len(applications)
        return assess_many(self.scorecard, self.policy, applications, histories)

    def tried(self, families: Mapping[str, Offers]) -> Tried:
        """Assess the steps of all levers at once."""
        offers = [offer for family in families.values() for offer in family]
        assessed = iter(self.assess([{**self.application, **one.changes} for one in offers]))
        return {
            name: list(zip(family, islice(assessed, len(family)), strict=True))
            for name, family in families.items()
        }

    def after(self, days: int) -> dict[str, object]:
        """Return the form as it will read after some days, nothing else having changed."""
        moved = {
            name: value - days
            for name in _DAYS_OF_THE_FORM
            if isinstance(value := self.application.get(name), int | float)
        }
        return {**self.application, **moved}


def _families(asked: Offer, application: Application, granted: bool) -> dict[str, Offers]:
    """Return the steps to try: levers, or how far a granted request could move from itself."""
    if not granted:
        return {name: lever(asked) for name, lever in LEVERS.items()}
    income = positive(application, "income_total")
    return {
        "larger_credit": (asked, *larger_credit(asked)),
        "shorter_term": (asked, *shorter_term(asked)),
        "lower_income": () if income is None else (asked, *lower_income(asked, income)),
    }


def _ranges(tried: Tried) -> Iterator[Range]:
    """Yield of each lever the nearest granted steps up to the first refusal, if there are any."""
    for name, steps in tried.items():
        granted = [one.verdict is Verdict.GRANT for _, one in steps]
        if not any(granted):
            continue
        start = granted.index(True)
        stop = granted.index(False, start) if False in granted[start:] else len(granted)
        first, last = (
            End(offer, one.default_probability) for offer, one in (steps[start], steps[stop - 1])
        )
        yield Range(name, first, last, stop - start, capped=stop == len(granted))


def _largest(asked: Offer, found: Sequence[Range], granted: bool) -> Largest | None:
    """Return the largest amount of the ranges over the same term; ``None`` when there is none."""
    by_lever = {one.lever: one for one in found}
    if granted:
        further = by_lever["larger_credit"]
        return Largest(further.last, asked, further.capped)
    same_term = [by_lever[name].first for name in SAME_TERM if name in by_lever]
    if not same_term:
        return None
    return Largest(max(same_term, key=lambda end: end.offer.amount), asked)


def _beyond_reach(held: Assessment, tried: Tried) -> tuple[tuple[ReferCause, ...], tuple[str, ...]]:
    """Return the causes and the rules (by code) met now and at every step that was tried.

    A risk near the cut-off is no such cause, and what the policy says is said by its rules.
    """
    everywhere = [held, *(one for steps in tried.values() for _, one in steps)]
    return (
        tuple(
            cause
            for cause in held.refer_causes
            if cause not in {ReferCause.GREY_ZONE, ReferCause.POLICY}
            and all(cause in one.refer_causes for one in everywhere)
        ),
        tuple(code for code in held.rules if all(code in one.rules for one in everywhere)),
    )


def _holds_until(case: _Case, ends: Sequence[End], now: datetime) -> date:
    """Return the last day on which all these offers are granted, the form's days moved on."""
    offers = {end.offer for end in ends}
    forms = [case.after(days) for days in range(1, DAYS_HELD + 1)]
    assessed = iter(case.assess([{**form, **one.changes} for form in forms for one in offers]))
    days = 0
    while days < DAYS_HELD and all(
        one.verdict is Verdict.GRANT for one in islice(assessed, len(offers))
    ):
        days += 1
    return now.date() + timedelta(days=days)


def _with_time(case: _Case) -> WithTime | None:
    """Move every count of days or months since something on, month by month; read the curves."""
    months = range(MONTHS_AHEAD + 1)
    forms = [case.after(round(month * DAYS_A_MONTH)) for month in months]
    pasts = [_later(case.history, month) for month in months]
    assessed = assess_many(case.scorecard, case.policy, forms, pasts)
    verdicts = [one.verdict for one in assessed]
    granted = verdicts.index(Verdict.GRANT) if Verdict.GRANT in verdicts else None
    values = case.scorecard.intake.many(forms, pasts)
    effects = case.scorecard.model.effects(case.scorecard.matrix(values))
    eased = effects <= effects[0] - LEAST_CONTRIBUTION
    if granted is not None:
        eased[granted + 1 :] = False
    easing = [
        Easing(item, int(np.argmax(eased[:, place])))
        for place, item in enumerate(case.scorecard.items)
        if item in _CLOCKED and eased[:, place].any()
    ]
    if granted is None and not easing:
        return None
    return WithTime(granted, tuple(sorted(easing, key=lambda one: one.months)))


def _later(history: History | None, months: int) -> History | None:
    """Return the stored past as it will read after some months, nothing new having happened.

    Counts since something move; sums, counts and shares over windows stay as they are held.
    """
    if history is None:
        return None
    fall = np.array([_CLOCKED.get(name, 0.0) for name in history.names])
    return History(history.names, history.array - months * fall)
