"""Raw batches into typed ones: plain names, numbers, 0/1 flags, declared categories, no sentinel.

A value that cannot be what its column declares stops everything, except a category nobody
declared: it becomes missing and is counted, because vocabularies grow without warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl

from features.errors import SHOWN_LINES, InvalidTarget, NegativeIncome, WrongType
from features.raw.read import Batch
from features.raw.tables import Column

YES = ("Y", "1", "1.0", "true", "True")
NO = ("N", "0", "0.0", "false", "False")


class Conversion:
    """The conversion of one file's batches; lives as long as the file is read.

    ``unseen`` counts, per source column, the values outside the declared categories.
    """

    def __init__(self, file: str, columns: Sequence[Column]) -> None:
        self.file = file
        self.columns = tuple(columns)
        self.unseen: Counter[str] = Counter()

    def convert(self, batch: Batch) -> pl.DataFrame:
        """Return the batch under plain names and declared types, same rows, same order.

        Raises ``WrongType``, ``NegativeIncome`` or ``InvalidTarget``.
        """
        return pl.DataFrame([self._readable(batch, column) for column in self.columns])

    def _readable(self, batch: Batch, column: Column) -> pl.Series:
        try:
            return self._column(batch, column)
        except pl.exceptions.PolarsError:  # a parquet column of lists or dates, say
            raise WrongType(
                "its values are of a kind that cannot be read",
                file=self.file,
                column=column.source,
                remedy="Write the column as plain numbers or text.",
            ) from None

    def _column(self, batch: Batch, column: Column) -> pl.Series:
        raw = batch.frame[column.source]
        if column.kind == "category":
            return self._category(raw, column).alias(column.name)
        values = _CONVERSIONS[column.kind](raw)
        self._refuse_empty_key(batch, column, raw)
        if values.null_count() > raw.null_count():
            lines = _lines(batch, values.is_null() & raw.is_not_null())
            raise WrongType(
                f"not {_EXPECTED[column.kind]}",
                file=self.file,
                column=column.source,
                lines=lines,
                remedy="Correct these values, or leave them empty when they are unknown.",
            )
        self._refuse_excluded(batch, column, values)
        if column.missing_codes:
            sentinels = pl.Series([int(code) for code in column.missing_codes]).cast(values.dtype)
            values = values.set(values.is_in(sentinels.implode()), None)
        return values.cast(column.dtype).alias(column.name)

    def _category(self, raw: pl.Series, column: Column) -> pl.Series:
        texts = raw.cast(pl.String)
        values = texts.cast(column.dtype, strict=False)
        refused = values.null_count() - texts.null_count()
        if refused and column.missing_codes:
            refused -= int(texts.is_in(list(column.missing_codes)).sum())
        if refused:
            self.unseen[column.source] += refused
        return values

    def _refuse_empty_key(self, batch: Batch, column: Column, raw: pl.Series) -> None:
        if column.kind == "id" and raw.null_count():
            raise WrongType(
                "a key is empty",
                file=self.file,
                column=column.source,
                lines=_lines(batch, raw.is_null()),
                remedy="Give these rows their number, or remove them.",
            )

    def _refuse_excluded(self, batch: Batch, column: Column, values: pl.Series) -> None:
        if column.source == "TARGET" and (values.is_in([0, 1]).not_()).any():
            raise InvalidTarget(
                "a target is 0 (repaid), 1 (default) or empty (unknown)",
                file=self.file,
                column=column.source,
                lines=_lines(batch, values.is_in([0, 1]).not_()),
                remedy="Correct these lines.",
            )
        if column.name == "income_total" and (values < 0).any():
            raise NegativeIncome(
                "an income below zero",
                file=self.file,
                column=column.source,
                lines=_lines(batch, values < 0),
                remedy="Correct these lines, or leave the income empty when it is unknown.",
            )


def _whole(raw: pl.Series) -> pl.Series:
    """Whole numbers; also when written ``3.0``. Null where the text is anything else."""
    numbers = raw.cast(pl.Int64, strict=False)
    if raw.dtype.is_integer() or numbers.null_count() == raw.null_count():
        return numbers
    exact = raw.cast(pl.Float64, strict=False)
    exact = exact.set((exact != exact.round()) | exact.is_infinite(), None)
    return exact.cast(pl.Int64, strict=False)


def _small(raw: pl.Series) -> pl.Series:
    return _whole(raw).cast(pl.Int32, strict=False)


def _number(raw: pl.Series) -> pl.Series:
    """64-bit floats; null where the text is not a finite number."""
    numbers = raw.cast(pl.Float64, strict=False)
    if numbers.is_finite().all():
        return numbers
    return numbers.set(numbers.is_finite().not_(), None)


def _flag(raw: pl.Series) -> pl.Series:
    if raw.dtype != pl.String:
        numbers = raw.cast(pl.Float64)
        return numbers.set(numbers.is_in([0.0, 1.0]).not_(), None).cast(pl.Int8)
    return raw.replace_strict(
        {**dict.fromkeys(YES, 1), **dict.fromkeys(NO, 0)}, default=None, return_dtype=pl.Int8
    )


def _lines(batch: Batch, wrong: pl.Series) -> list[int]:
    return batch.lines.filter(wrong.fill_null(False)).head(SHOWN_LINES).to_list()


_CONVERSIONS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "id": _whole,
    "target": _whole,
    "integer": _small,
    "number": _number,
    "flag": _flag,
}
_EXPECTED = {
    "id": "a whole number",
    "target": "a whole number",
    "integer": "a whole number",
    "number": "a number",
    "flag": "Y, N, 1 or 0",
}
