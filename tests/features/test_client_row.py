"""Training and serving agree: one client's row is the batch's row."""

import math
import time
from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features.build import application_frame, build, finite, history_features
from features.catalogue import CATALOGUE
from features.client_row import client_row
from features.encode import Encoder
from features.engine.namespace import POLARS
from features.raw.prepare import Prepared
from features.raw.tables import APPLICATIONS, Column

ROW_LEVEL = (*CATALOGUE.of("applications"), *CATALOGUE.of("client"))
NAMES = tuple(feature.name for feature in ROW_LEVEL)
FORM = tuple(column for column in APPLICATIONS.columns if column.kind not in {"id", "target"})
HISTORY = tuple(
    sorted({name for f in CATALOGUE.of("client") for name in f.reads()} - set(APPLICATIONS.by_name))
)
EXPRESSIONS = [feature.expression(POLARS) for feature in ROW_LEVEL]
AWKWARD = st.sampled_from([None, 0.0, 1.0, -1.0, math.inf, -math.inf, 1e-300, 1e300, 365243.0])
NUMBERS = st.one_of(AWKWARD, st.floats(-1e9, 1e9, allow_nan=False))


def _values(column: Column) -> st.SearchStrategy[object]:
    if column.kind == "category":
        return st.sampled_from([None, "never declared", *column.categories])
    if column.kind == "number":
        return NUMBERS
    if column.kind == "flag":
        return st.sampled_from([None, 0, 1])
    return st.sampled_from([None, 0, 1, 2, -1, -400, -15000])


@cache
def applications() -> st.SearchStrategy[dict[str, object]]:
    """Any form, sensible or not."""
    return st.fixed_dictionaries({column.name: _values(column) for column in FORM})


@given(applications(), st.fixed_dictionaries(dict.fromkeys(HISTORY, NUMBERS)))
@settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_one_row_agrees_with_the_batch_whatever_the_form_holds(
    application: dict[str, object], history: dict[str, float | None]
) -> None:
    """Nulls, zeros, infinities and unseen categories give the same features both ways."""
    _assert_same(client_row(application, history, NAMES), _in_batch(application, history))


def test_one_row_agrees_with_the_batch_for_every_client(prepared_world: Prepared) -> None:
    """The six clients get from the service the features they were trained with."""
    table, histories = build(prepared_world), history_features(prepared_world)
    forms = prepared_world.scan("applications").collect()
    names = table.columns[2:]
    for index, form in enumerate(forms.iter_rows(named=True)):
        row = client_row(form, histories.row(index, named=True), names)
        assert list(row) == names
        _assert_same(row, table.row(index, named=True))


@pytest.mark.genuine
def test_one_row_agrees_with_the_batch_on_genuine_clients(prepared_core: Prepared) -> None:
    """Genuine forms and histories, with all their gaps, agree as well."""
    table, histories = build(prepared_core), history_features(prepared_core)
    forms = prepared_core.scan("applications").collect()
    encoder = Encoder.of(table.columns[2:])
    for index in range(0, len(forms), 397):
        row = client_row(
            forms.row(index, named=True), histories.row(index, named=True), encoder.names
        )
        _assert_same(row, table.row(index, named=True))
        matrix = encoder.matrix(table[index])
        assert np.array_equal(encoder.row(row), matrix, equal_nan=True)


def test_without_history_only_the_application_speaks() -> None:
    """A client unknown to every history gets missing values there, and the form's own ratios."""
    row = client_row({"annuity": 500.0, "income_total": 2000.0}, None)
    assert row["instalment_to_income"] == 0.25
    assert row["bureau_debt_open_sum"] is None
    assert row["external_debt_to_income"] is None


def test_only_the_names_asked_are_returned_in_their_order() -> None:
    """A scorecard asks for its own features and gets them in its own order."""
    names = ("credit_to_income", "annuity", "contract_type")
    row = client_row({"annuity": 1.0, "contract_type": "Cash loans"}, None, names)
    assert row == {"credit_to_income": None, "annuity": 1.0, "contract_type": "Cash loans"}
    assert tuple(row) == names


def test_a_denied_category_is_taken_as_missing() -> None:
    """What the policy denies inside a column never reaches the model."""
    assert client_row({"income_type": "Maternity leave"}, None)["income_type"] is None


def test_an_unknown_feature_is_refused() -> None:
    """A scorecard of another catalogue cannot be served by guesswork."""
    with pytest.raises(KeyError, match="no_such_feature"):
        client_row({}, None, ("no_such_feature",))


def test_a_row_takes_less_than_a_millisecond(prepared_world: Prepared) -> None:
    """Every feature of one client, the fastest of two hundred tries, stays under a millisecond."""
    form = prepared_world.scan("applications").collect().row(0, named=True)
    history = history_features(prepared_world).row(0, named=True)

    def once() -> float:
        start = time.perf_counter()
        client_row(form, history)
        return time.perf_counter() - start

    assert min(once() for _ in range(200)) < 1e-3


def _in_batch(form: Mapping[str, object], history: Mapping[str, float | None]) -> dict[str, object]:
    known = {
        column.name: form[column.name]
        if column.kind != "category" or form[column.name] in column.categories
        else None
        for column in FORM
    }
    schema = {column.name: column.dtype for column in FORM}
    frame = application_frame(pl.DataFrame([known], schema=schema))
    frame = frame.with_columns(pl.lit(history[n], pl.Float64).alias(n) for n in HISTORY)
    return finite(frame.select(EXPRESSIONS)).row(0, named=True)


def _assert_same(got: Mapping[str, object], expected: Mapping[str, object]) -> None:
    for name, value in got.items():
        other = expected[name]
        if isinstance(value, float) and isinstance(other, float):
            assert math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9), name
        else:
            assert value == other, (name, value, other)
