"""The encoder gives a booster the same matrix from a table and from one row."""

import numpy as np
import polars as pl
import pytest

from features.build import build
from features.catalogue import CATALOGUE
from features.encode import Encoder
from features.raw.prepare import Prepared

ENCODER = Encoder.of(["annuity", "contract_type", "instalment_to_income"])
FRAME = pl.DataFrame(
    {
        "instalment_to_income": [0.5, None, float("inf")],
        "contract_type": ["Revolving loans", None, "never declared"],
        "annuity": [1.5, 2.0, float("nan")],
    }
)
EXPECTED = np.array([[1.5, 1, 0.5], [2, np.nan, np.nan], [np.nan] * 3], dtype=np.float32)


def test_the_matrix_follows_the_encoders_order() -> None:
    """Columns come in the scorecard's order, whatever the frame's; the rest is missing."""
    matrix = ENCODER.matrix(FRAME)
    assert matrix.dtype == np.float32
    assert matrix.flags.c_contiguous
    assert np.array_equal(matrix, EXPECTED, equal_nan=True)


@pytest.mark.parametrize("index", range(3))
def test_one_row_is_encoded_like_the_table(index: int) -> None:
    """A category unseen, an infinity and a gap become NaN one by one as in bulk."""
    row = ENCODER.row(FRAME.row(index, named=True))
    assert row.shape == (1, 3)
    assert np.array_equal(row, EXPECTED[[index]], equal_nan=True)


def test_a_number_too_large_for_the_matrix_is_missing() -> None:
    """What overflows a 32-bit float is NaN both ways, not an infinity."""
    huge = {"annuity": 1e300, "contract_type": None, "instalment_to_income": None}
    schema = {"annuity": pl.Float64, "contract_type": pl.String, "instalment_to_income": pl.Float64}
    assert np.isnan(ENCODER.row(huge)).all()
    assert np.isnan(ENCODER.matrix(pl.DataFrame([huge], schema=schema))).all()


def test_an_absent_feature_is_refused_in_bulk() -> None:
    """A table without one of the scorecard's features cannot be scored."""
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        ENCODER.matrix(FRAME.drop("annuity"))


def test_the_encoder_survives_its_file() -> None:
    """What is stored with a scorecard is read back equal."""
    encoder = Encoder.of([feature.name for feature in CATALOGUE])
    assert Encoder.from_json(encoder.to_json()) == encoder


def test_the_whole_table_is_encoded(prepared_world: Prepared) -> None:
    """Every feature of the six clients finds its place in the matrix."""
    table = build(prepared_world)
    matrix = Encoder.of(table.columns[2:]).matrix(table)
    assert matrix.shape == (6, len(table.columns) - 2)
    assert not np.isinf(matrix).any()
