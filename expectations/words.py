"""An expectation as an English sentence, without any value of the data."""

from __future__ import annotations

from expectations.suites import Expectation

SENTENCES = {
    "expect_column_values_to_be_unique": "is unique",
    "expect_column_values_to_not_be_null": "is known",
    "expect_compound_columns_to_be_unique": "are unique together",
    "expect_table_row_count_to_be_between": "the table has at least {min_value} row",
}


def sentence(expectation: Expectation) -> str:
    """Return what is expected, such as ``age is between 18 and 100 (at least 95 % of rows)``."""
    values = expectation.kwargs
    kind = expectation.type
    if kind in SENTENCES:
        text = SENTENCES[kind].format(**values)
    elif kind == "expect_column_values_to_be_in_set":
        text = f"is one of {', '.join(str(value) for value in values['value_set'])}"
    elif kind == "expect_column_pair_values_a_to_be_greater_than_b":
        text = f"is at least {values['column_B']}"
    elif kind == "expect_column_mean_to_be_between":
        text = f"has a mean {_bounds(values)}"
    else:
        text = f"is {_bounds(values)}"
    if "mostly" in values:
        text += f" (at least {values['mostly']:.4g} of the rows)"
    subject = " and ".join(values.get("column_list", ())) or values.get(
        "column", values.get("column_A", "")
    )
    return f"{subject} {text}".strip()


def _bounds(values: dict[str, float]) -> str:
    low, high = values.get("min_value"), values.get("max_value")
    if low is None:
        return f"at most {high:,}"
    if high is None:
        return f"above {low:,}" if values.get("strict_min") else f"at least {low:,}"
    return f"between {low:,} and {high:,}"
