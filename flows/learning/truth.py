"""Is what clients are told true: every sentence of an archive, read back and held to the data.

Nothing here trusts the sentence's author. The client's values are those of the batch feature table
(the explanation was made from the service's own intake), the figures are read out of the words as
a person reads them, and the words themselves decide which condition must hold: what a sentence of
absence claims, what a zero claims, what a figure claims.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl

from features.build import KEY, build
from features.catalogue import APPLICATIONS_TABLE, CATALOGUE, CLIENT
from features.client_row import client_row
from features.definitions.estimated import TABLE as ESTIMATES
from features.raw.categories import category_words
from features.raw.prepare import Prepared
from features.raw.tables import Language
from scoring.contract import Reason
from scoring.facts import FACTS, Fact, Form, Value
from scoring.facts.declare import Values
from scoring.history import COUNTED, History
from scoring.reasons import Explanation
from scoring.scorecard import Scorecard

LANGUAGES: tuple[Language, ...] = ("fr", "en")
MEDIAN_TARGET, P95_TARGET = 0.15, 0.35
"""The most that other elements may stand for: half of the clients, nineteen in twenty."""

AT_ONCE = 5_000
"""Clients explained together."""

DAYS_A_MONTH = 30.4375
_NUMBER = re.compile(r"\u2212?\d[\d,\u202f]*(?:[.,]\d+)?")


@dataclass(slots=True)
class Tally:
    """What was counted so far; grows while clients are read.

    ``newcomers`` are the same clients with their histories removed. A *figure* of a history told
    to one of them is false; that nothing is known of it is true, and counted beside.
    """

    clients: int = 0
    sentences: int = 0
    false: Counter[str] = field(default_factory=Counter)
    """Sentences that do not hold, by item."""
    as_usual: int = 0
    wrong_side: int = 0
    unlike: int = 0
    """Explanations whose two languages do not give the same reasons."""
    without_reason: int = 0
    shares: list[float] = field(default_factory=list)
    newcomers: int = 0
    newcomers_told_a_history: int = 0
    newcomers_told_of_none: int = 0
    newcomers_without_reason: int = 0
    newcomers_shares: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float | int | dict[str, int]]:
        """Return the truth table, for documents."""
        return {
            "clients": self.clients,
            "newcomers": self.newcomers,
            "sentences_checked": self.sentences,
            "sentences_false": sum(self.false.values()),
            "false_by_item": dict(self.false.most_common()),
            "reasons_as_usual": self.as_usual,
            "reasons_on_the_wrong_side": self.wrong_side,
            "explanations_unlike_in_two_languages": self.unlike,
            "clients_without_reason": self.without_reason,
            "others_share_median": _quantile(self.shares, 0.5),
            "others_share_p95": _quantile(self.shares, 0.95),
            "newcomers_told_a_history": self.newcomers_told_a_history,
            "newcomers_told_that_none_is_known": self.newcomers_told_of_none,
            "newcomers_without_reason": self.newcomers_without_reason,
            "newcomers_others_share_median": _quantile(self.newcomers_shares, 0.5),
            "newcomers_others_share_p95": _quantile(self.newcomers_shares, 0.95),
        }


def tell(scorecard: Scorecard, prepared: Prepared, clients: int | None = None) -> Tally:
    """Explain every client of an archive in both languages and check what was said.

    ``clients`` takes so many of them, evenly spread over the archive; all by default.
    """
    forms = prepared.scan(APPLICATIONS_TABLE).collect()
    if clients is not None and clients < forms.height:
        places = np.linspace(0, forms.height - 1, clients).astype(np.int64)
        forms = forms[places.tolist()]
    names = {*scorecard.encoder.names, *COUNTED}
    table = build(prepared, names=sorted(names | _read_by(names))).join(
        forms.select(KEY), on=KEY, how="semi"
    )
    if scorecard.estimates is not None:
        table = scorecard.estimates.added_to(table)
    table = forms.select(KEY).join(table, on=KEY, how="left", maintain_order="left")
    tally = Tally()
    for part, told in zip(forms.iter_slices(AT_ONCE), table.iter_slices(AT_ONCE), strict=True):
        _tell(scorecard, part.to_dicts(), told, tally)
    return tally


def _read_by(names: set[str]) -> set[str]:
    """Return the features that the formulas of the client as a whole read."""
    whole = [CATALOGUE[name] for name in names if name in CATALOGUE]
    read = {name for one in whole if one.table == CLIENT for name in one.reads()}
    return {name for name in read if name in CATALOGUE}


def _tell(
    scorecard: Scorecard, forms: Sequence[Mapping[str, object]], table: pl.DataFrame, tally: Tally
) -> None:
    stored = tuple(name for name in table.columns if name in CATALOGUE and is_history(name))
    held = np.empty((table.height, len(stored)))  # a table of no columns would have no rows
    held[:] = table.select(stored).to_numpy() if stored else 0.0
    histories = [History(stored, row) for row in held]
    told = explanations(scorecard, forms, histories)
    for both, values in zip(told, table.to_dicts(), strict=True):
        tally.clients += 1
        tally.shares.append(both[0].others_share)
        tally.without_reason += not _reasons(both[0])
        _count(both, values, scorecard, tally)
    estimated = [name for name in table.columns if name in CATALOGUE and _is_estimated(name)]
    alone = explanations(scorecard, forms, [None] * len(forms))
    usual = table.select(estimated).to_dicts() if estimated else [{} for _ in forms]
    asked = [name for name in scorecard.encoder.names if name not in estimated]
    for both, form, expected in zip(alone, forms, usual, strict=True):
        tally.newcomers += 1
        tally.newcomers_shares.append(both[0].others_share)
        tally.newcomers_without_reason += not _reasons(both[0])
        _count(both, client_row(form, None, asked) | expected, scorecard, tally)
        of_history = [one for one in _reasons(both[0]) if reads_history(one.item)]
        tally.newcomers_told_a_history += any(one.value is not None for one in of_history)
        tally.newcomers_told_of_none += any(one.value is None for one in of_history)


def explanations(
    scorecard: Scorecard,
    forms: Sequence[Mapping[str, object]],
    histories: Sequence[History | None],
) -> Iterator[tuple[Explanation, ...]]:
    """Yield each client's explanation in both languages, as ``scoring.assess.explain`` gives it.

    A test holds the two together; here the curves are read for all clients at once.
    """
    values = scorecard.intake.many(forms, histories)
    matrix = scorecard.matrix(values)
    effects = scorecard.model.effects(matrix) - np.asarray(scorecard.metadata.granted.mean_effects)
    raw = scorecard.raw_score(matrix).tolist()
    sheets = [scorecard.facts(language) for language in LANGUAGES]
    for row, contributions, score in zip(values, effects, raw, strict=True):
        named = scorecard.intake.row(row)
        yield tuple(sheet.explain(named, contributions, score) for sheet in sheets)


def is_history(name: str) -> bool:
    """Tell whether a feature is stored of the client's past."""
    return CATALOGUE[name].table not in {APPLICATIONS_TABLE, CLIENT, ESTIMATES}


def reads_history(item: str) -> bool:
    """Tell whether a feature says something of the client's past, alone or beside the form."""
    feature = CATALOGUE[item]
    if feature.table != CLIENT:
        return is_history(item)
    return any(is_history(name) for name in feature.reads() if name in CATALOGUE)


def _is_estimated(name: str) -> bool:
    return CATALOGUE[name].table == ESTIMATES


def _reasons(told: Explanation) -> tuple[Reason, ...]:
    return (*told.weighs, *told.favours)


def _count(both: Sequence[Explanation], values: Values, scorecard: Scorecard, tally: Tally) -> None:
    said = [[(one.item, one.contribution) for one in _reasons(told)] for told in both]
    tally.unlike += said[0] != said[1]
    typical = scorecard.metadata.granted.typical
    for language, told in zip(LANGUAGES, both, strict=True):
        for reason in _reasons(told):
            tally.sentences += 1
            if not holds(reason.sentence, FACTS[reason.item], values, language):
                tally.false[reason.item] += 1
            tally.as_usual += reason.value_text == reason.usual_text
            tally.wrong_side += on_wrong_side(reason, values.get(reason.item), typical[reason.item])


def on_wrong_side(reason: Reason, value: Value, usual: Value) -> bool:
    """Tell whether a directed item is told as a weight while better than usual, or the reverse."""
    direction = CATALOGUE[reason.item].direction
    if not direction or not isinstance(value, float) or not isinstance(usual, float):
        return False
    return (value - usual) * direction * reason.contribution < 0


def holds(sentence: str, fact: Fact, values: Values, language: Language) -> bool:
    """Tell whether some claim that ``sentence`` can be read as is true of these values."""
    value = values.get(fact.item)
    if value is None:
        spoken = [(one.words, one.holds(values)) for one in fact.absences]
        return any(
            sentence == words.in_(language) and true for words, true in (*spoken, (fact.unknown, 1))
        )
    if value == 0 and fact.none is not None and sentence == fact.none.in_(language):
        return True
    replaced = [one.words for one in fact.instead if one.holds(values)]
    claims = replaced or [fact.known]
    return any(_says(sentence, words.in_(language), fact, values, language) for words in claims)


def _says(sentence: str, words: str, fact: Fact, values: Values, language: Language) -> bool:
    """Tell whether ``sentence`` fills the words with figures that the values have."""
    found = _pattern(words).fullmatch(sentence)
    if found is None:
        return False
    if not found.groupdict():  # a sentence without a figure says yes
        return values.get(fact.item) != 0
    for name, text in found.groupdict().items():
        of, form = (fact.item, fact.form) if name == "value" else _beside(fact, name)
        if not reads_as(text, values.get(of), form, language):
            return False
    return _agree(found.groupdict(), fact)


def _agree(said: Mapping[str, str], fact: Fact) -> bool:
    """Tell whether a share said beside two counts is the share that they make."""
    counts = [text for name, text in said.items() if name != "value"]
    if fact.form != "percent" or len(counts) != 2:
        return True
    (some, _), (among, _) = (_figures(text)[0] for text in counts)
    read, half = _plain(said["value"], "percent")
    return among > 0 and abs(read - some / among) <= half * (1 + 1e-9)


def _beside(fact: Fact, name: str) -> tuple[str, Form]:
    return fact.reads[name], fact.forms.get(name, "count")


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", words)
    named = (
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile("".join(named))


def reads_as(text: str, value: Value, form: Form, language: Language) -> bool:
    """Tell whether a figure written as ``text`` is ``value``, to the last digit that is written.

    A span of time is read as months, an amount as its first three digits.
    """
    if value is None:
        return False
    if isinstance(value, str):
        return text == category_words(value, language)
    read, half = _span(text, form) if form in _SPANS else _plain(text, form)
    if form == "after_days" and re.search("avant|before", text):
        read = -read
    said = -value if form in _PAST else value
    return abs(read - said) <= half * (1 + 1e-9) + 1e-9 * abs(said)


_PAST = {"since_days", "since_months"}
"""Counted negatively: a day that lies ahead is not so many days ago."""
_SPANS = {*_PAST, "ahead_days", "after_days"}


def _plain(text: str, form: Form) -> tuple[float, float]:
    """Return the figure and half of its last digit."""
    read, decimals = _figures(text)[0]
    half = 0.5 * 10.0**-decimals
    if form == "percent":
        return read / 100, half / 100
    if form == "amount" and abs(read) >= 1000:  # three digits are written, the others are zeros
        return read, 0.5 * 10.0 ** (np.floor(np.log10(abs(read))) - 2)
    return read, half


def _span(text: str, form: Form) -> tuple[float, float]:
    """Return a span of time and half of the unit it is rounded to, in the unit of the form."""
    figures = [read for read, _ in _figures(text)]
    if re.search(r"jour|day", text):
        return figures[0], 0.5
    years = figures.pop(0) * 12 if re.search(r"\ban|year", text) else 0.0
    months = years + sum(figures)
    return (months, 0.5) if form == "since_months" else (DAYS_A_MONTH * months, DAYS_A_MONTH / 2)


def _figures(text: str) -> list[tuple[float, int]]:
    """Return the numbers of a text, in either language's writing, and their decimals."""
    return [_figure(found) for found in _NUMBER.findall(text)]


def _figure(written: str) -> tuple[float, int]:
    """Return one number; a comma before three digits separates thousands, else decimals."""
    plain = written.replace("\u2212", "-").replace("\u202f", "")
    plain = re.sub(r",(?=\d{3}(?:[,.]|$))", "", plain).replace(",", ".")
    return float(plain), len(plain.partition(".")[2])


def _quantile(shares: Sequence[float], level: float) -> float:
    return float(np.quantile(shares, level)) if shares else 0.0
