"""What a lender signs beside the scorecard: rules, and what is demanded of it for fairness.

``policy.json`` is data: whoever answers for lending reads, changes and signs it. A rule says in one
sentence, to the client as to the advisor, what it found; figure and limit stand in the sentence by
placeholder, so they never part from the condition. A file that contradicts itself (an example that
its rule does not treat as it says, a figure typed into a sentence, a refusal for age) is no policy.

A missing value hits no rule: what an application must hold is asked for where it is received.
"""

from __future__ import annotations

import hashlib
import operator
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, cached_property, reduce
from itertools import compress
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, Self

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from features.raw.tables import APPLICATIONS, Language, Words
from scoring.errors import ScoringError
from scoring.facts.figures import Value
from scoring.measures import Computation, Measure, measures

FILE = Path(__file__).with_name("policy.json")
MOST_WORDS = 20
"""Longest sentence a person is given; a placeholder counts as one word."""

Fragment = dict[str, float | str | None]
"""Some items of an application, by their plain names."""


class InvalidPolicy(ScoringError):
    """The file is no policy that can be put in force; its text names the entry and what is wrong.

    It never quotes a value.
    """

    def __init__(self, file: str, fault: str) -> None:
        super().__init__(
            f"{file} is no policy that can be put in force: {fault}. Correct it (the product's "
            "own scoring/policy.json shows the form), or leave SCORING_POLICY out to use that one."
        )


class Effect(StrEnum):
    """What a rule does to the application it is met by, from the gravest."""

    REFUSE_INPUT = "refuse_input"
    DECLINE = "decline"
    REFER = "refer"


class _Signed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


_BOUNDS: Mapping[str, Callable[[Any, Any], Any]] = {
    "above": operator.gt,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
    "equals": operator.eq,
}


class Condition(_Signed):
    """Bounds on one measure; all must hold. The first of them is the ``limit`` a sentence names."""

    measure: str
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    equals: float | str | None = None

    @cached_property
    def bounds(self) -> tuple[tuple[str, float | str], ...]:
        """The bounds that are given, by name."""
        given = ((name, getattr(self, name)) for name in _BOUNDS)
        return tuple((name, limit) for name, limit in given if limit is not None)

    @property
    def limit(self) -> float | str:
        """The bound that the rule is about."""
        return self.bounds[0][1]

    def expression(self) -> pl.Expr:
        """Tell where the column named as the measure meets every bound; null meets none."""
        column = pl.col(self.measure)
        met: list[pl.Expr] = [_BOUNDS[name](column, to) for name, to in self.bounds]
        return reduce(operator.and_, met).fill_null(False)

    @model_validator(mode="after")
    def _can_be_checked(self) -> Self:
        measure = measures().get(self.measure)
        if measure is None:
            msg = "measure is none that a rule may name"
            raise ValueError(msg)
        if not self.bounds:
            msg = f"a condition needs one of {', '.join(_BOUNDS)}"
            raise ValueError(msg)
        if any(isinstance(to, str) is not measure.is_word for _, to in self.bounds):
            msg = "numbers are bounded by numbers, words by the word they equal"
            raise ValueError(msg)
        return self


class Examples(_Signed):
    """Two parts of an application: one that meets the rule, and one near it that does not."""

    hit: Fragment
    spared: Fragment

    @model_validator(mode="after")
    def _are_applications(self) -> Self:
        if not {*self.hit, *self.spared} <= set(APPLICATIONS.by_name):
            msg = "examples are made of items of an application"
            raise ValueError(msg)
        return self


class Rule(_Signed):
    """One rule: when it is met, what it does, how it is said, and on what it rests.

    ``words`` may name ``{limit}`` (the first condition's) and ``{any_measure}``; those of a refused
    input name the limit alone, because an error tells no value. ``basis`` is for whoever signs.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")]
    kind: Literal["eligibility", "affordability", "consistency", "plausibility"]
    effect: Effect
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    words: Words
    basis: Annotated[str, Field(min_length=1)]
    examples: Examples

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """What the sentences name."""
        return _placeholders(self.words.fr) | _placeholders(self.words.en)

    def met(self, measured: Mapping[str, Value]) -> bool:
        """Tell whether every condition holds for measures by name."""
        for name, compare, limit in self._tests:
            value = measured.get(name)
            if value is None or not compare(value, limit):
                return False
        return True

    def sentence(
        self, measured: Mapping[str, Value], language: Language, currency: str = ""
    ) -> str:
        """Say what the rule found. ``measured`` are measures by name, at least those it names."""
        first, known = self.conditions[0], measures()
        limit = first.limit
        written = known[first.measure].limit(limit, language, currency)
        figures = {
            name: known[name].figure(
                measured.get(name), language, currency, limit if name == first.measure else None
            )
            for name in self.placeholders - {"limit"}
        }
        return self.words.in_(language).format(limit=written, **figures)

    @model_validator(mode="after")
    def _is_said_well(self) -> Self:
        for text in self.words:
            if re.search(r"\d", re.sub(r"{.*?}", "", text)):
                msg = "a sentence names its figures by placeholder, never by a digit"
                raise ValueError(msg)
            if len(re.findall(r"[^\s]*\w[^\s]*", text)) > MOST_WORDS or not text.endswith("."):
                msg = f"a sentence ends with a point and has at most {MOST_WORDS} words"
                raise ValueError(msg)
        if _placeholders(self.words.fr) != _placeholders(self.words.en):
            msg = "both languages name the same figures"
            raise ValueError(msg)
        known = {"limit"} if self.effect is Effect.REFUSE_INPUT else {"limit", *measures()}
        if not self.placeholders <= known:
            msg = "a sentence names the limit or a measure; that of a refused input, no measure"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _declines_nobody_for_age(self) -> Self:
        of_age = any(measures()[one.measure].tells_age for one in self.conditions)
        if of_age and self.effect is Effect.DECLINE:
            msg = "age declines nobody: a rule that reads it may refer, or refuse an input"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _treats_its_examples_as_it_says(self) -> Self:
        compute = Computation(self.measures)
        if not self.met(compute.one(self.examples.hit)):
            msg = f"the example that {self.code} should hit is not hit"
            raise ValueError(msg)
        if self.met(compute.one(self.examples.spared)):
            msg = f"the example that {self.code} should spare is hit"
            raise ValueError(msg)
        return self

    @cached_property
    def _tests(self) -> tuple[tuple[str, Callable[[Any, Any], Any], float | str], ...]:
        """The conditions laid flat: every application that is assessed passes here."""
        return tuple(
            (one.measure, _BOUNDS[name], to) for one in self.conditions for name, to in one.bounds
        )

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that its conditions and its sentences read."""
        named = {one.measure for one in self.conditions} | (self.placeholders - {"limit"})
        return tuple(measures()[name] for name in sorted(named))


class Fairness(_Signed):
    """What is demanded of the groups of one attribute, and why.

    ``granted_ratio`` and ``granted_good_ratio`` compare the share granted, of all clients or of
    those without default, with the best-served group's: at least ``floor``. ``calibration_gap`` is
    a probability said less the share that defaulted: at most ``ceiling``, on either side.
    """

    measure: Literal["granted_ratio", "granted_good_ratio", "calibration_gap"]
    floor: Annotated[float | None, Field(gt=0, le=1)] = None
    ceiling: Annotated[float | None, Field(gt=0, lt=1)] = None
    reason: Words

    @model_validator(mode="after")
    def _has_its_limit(self) -> Self:
        wanted = "ceiling" if self.measure == "calibration_gap" else "floor"
        if (self.floor is None, self.ceiling is None) != (wanted != "floor", wanted != "ceiling"):
            msg = f"{self.measure} has a {wanted}, and no other limit"
            raise ValueError(msg)
        return self


class FairnessDemands(_Signed):
    """The bounds by attribute, and what a fairer alternative may cost.

    ``tolerance`` is the largest rise of the expected cost, as a share of it, at which a less
    discriminatory scorecard is preferred.
    """

    bounds: dict[Literal["gender", "age_band", "family_status"], Fairness]
    tolerance: Annotated[float, Field(ge=0, le=0.2)]


class Policy(_Signed):
    """The policy in force. Immutable, safe for many threads; made once and kept."""

    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(\.\d{1,3})?$")]
    signed_by: Annotated[str, Field(min_length=1)]
    rules: tuple[Rule, ...]
    fairness: FairnessDemands

    @cached_property
    def identity(self) -> str:
        """Version and a short hash of the content: any other content has another identity."""
        content = self.model_dump_json(exclude_defaults=True).encode()
        return f"{self.version}-{hashlib.sha256(content).hexdigest()[:12]}"

    def hits(self, application: Mapping[str, object]) -> tuple[Rule, ...]:
        """Return the rules that an application (plain names) meets, the gravest first."""
        measured = self._computation.one(application)
        return tuple(rule for rule in self._by_gravity if rule.met(measured))

    def hits_frame(self, frame: pl.DataFrame) -> list[tuple[Rule, ...]]:
        """Return ``hits`` of each of n applications; a column the frame lacks is missing."""
        found = self._computation.many(frame).select(
            reduce(operator.and_, (one.expression() for one in rule.conditions)).alias(rule.code)
            for rule in self._by_gravity
        )
        hits: list[tuple[Rule, ...]] = [()] * frame.height
        if not self.rules:
            return hits
        anything = found.select(pl.any_horizontal(pl.all())).to_series()
        rows = anything.arg_true().to_list()
        for place, flags in zip(rows, found.filter(anything).iter_rows(), strict=True):
            hits[place] = tuple(compress(self._by_gravity, flags))
        return hits

    def sentences(
        self,
        codes: tuple[str, ...],
        application: Mapping[str, object],
        language: Language,
        currency: str = "",
    ) -> tuple[str, ...]:
        """Say what the rules of these codes found in the application, the gravest first."""
        if not codes:
            return ()
        measured = self._computation.one(application)
        said = (rule for rule in self._by_gravity if rule.code in codes)
        return tuple(rule.sentence(measured, language, currency) for rule in said)

    @cached_property
    def _by_gravity(self) -> tuple[Rule, ...]:
        gravest = list(Effect)
        return tuple(sorted(self.rules, key=lambda rule: gravest.index(rule.effect)))

    @cached_property
    def _computation(self) -> Computation:
        read = {measure.name: measure for rule in self.rules for measure in rule.measures}
        return Computation(tuple(read.values()))

    @model_validator(mode="after")
    def _names_each_rule_once(self) -> Self:
        if len({rule.code for rule in self.rules}) < len(self.rules):
            msg = "two rules have the same code"
            raise ValueError(msg)
        return self


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@cache
def policy(path: Path | None = None) -> Policy:
    """Return the policy of the file ``path``, the product's own by default; read once.

    Raises ``InvalidPolicy``, which says what to correct.
    """
    file = path or FILE
    try:
        return Policy.model_validate_json(file.read_bytes())
    except OSError:
        raise InvalidPolicy(file.name, "it cannot be read") from None
    except ValidationError as error:
        raise InvalidPolicy(file.name, _fault(error)) from None


def _fault(error: ValidationError) -> str:
    """The first fault: where it stands and what it is, without the value."""
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
