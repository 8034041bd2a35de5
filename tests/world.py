"""Six clients across all the raw tables, written by hand: the small world most tests live in.

========  ====================================================================================
100001    Ada: pays on time for years, one closed and one active bureau credit. Repaid.
100002    Ben: late; an instalment in two parts, one never paid; bureau credit past due. Defaulted.
100003    Cleo: a pensioner, so her DAYS_EMPLOYED is the sentinel 365243; once paid short. Repaid.
100004    Dov: nothing known but the application itself, two external scores absent. Defaulted.
100005    Eve: unlabelled; a card and a refused past application (XNA, XAP and 365243 inside).
100006    Finn: unlabelled; only a bureau credit, whose debt is negative.
========  ====================================================================================

``world()`` gives the tables as the Kaggle archive spells them, every value a text, empty when
missing; change them freely. ``write_archive`` puts them in a zip or a folder.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from features.raw.tables import FILES, TABLES, Column

APPLICATIONS = """
SK_ID_CURR TARGET CODE_GENDER CNT_CHILDREN AMT_INCOME_TOTAL AMT_CREDIT AMT_ANNUITY AMT_GOODS_PRICE DAYS_BIRTH DAYS_EMPLOYED EXT_SOURCE_1 EXT_SOURCE_2 EXT_SOURCE_3 OWN_CAR_AGE
100001 0 F   1 240000 450000 22500 450000 -15000 -4000  0.71 0.68 0.74 5
100002 1 M   0  90000 675000 40500 600000  -9500  -300  0.21 0.12 0.18 .
100003 0 F   0 112500 180000 12000 180000 -22500 365243 0.60 0.55 0.62 .
100004 1 XNA 2  67500 270000 21000 225000 -11000  -900  .    0.30 .    .
100005 . M   0 157500 540000 27000 500000 -13000 -2000  0.45 0.50 0.40 12
100006 . F   3 202500 135000 13500 135000 -17000 -6000  .    0.61 0.58 .
"""  # noqa: E501 - one line per client is what makes it readable

HISTORY = {
    "bureau": """
SK_ID_CURR SK_ID_BUREAU CREDIT_ACTIVE DAYS_CREDIT CREDIT_DAY_OVERDUE DAYS_CREDIT_ENDDATE DAYS_ENDDATE_FACT AMT_CREDIT_SUM AMT_CREDIT_SUM_DEBT AMT_CREDIT_SUM_OVERDUE
100001 501 Closed -1500  0 -400 -420 100000      0    0
100001 502 Active  -300  0  700    . 200000 120000    0
100002 503 Active  -200 45  500    . 150000 140000 9000
100006 504 Active  -900  0  100    .  80000  -1500    0
""",  # noqa: E501
    "bureau_balance": """
SK_ID_BUREAU MONTHS_BALANCE STATUS
502 -1 0
502 -2 0
503 -1 2
503 -2 1
503 -3 0
501 -20 C
""",
    "previous_application": """
SK_ID_PREV SK_ID_CURR AMT_ANNUITY AMT_APPLICATION AMT_CREDIT NAME_CONTRACT_STATUS DAYS_DECISION CODE_REJECT_REASON CNT_PAYMENT DAYS_FIRST_DUE DAYS_TERMINATION
701 100001  9000  90000  90000 Approved -800 XAP 12 -770   -400
702 100002 12000 120000 135000 Approved -500 XAP 18 -470 365243
703 100003  6000  45000  45000 Approved -900 XAP 10 -870   -600
704 100005     . 300000 300000 Refused  -100 HC   .    .      .
705 100005  4500 180000 180000 Approved -700 XAP  0    . 365243
""",  # noqa: E501
    "POS_CASH_balance": """
SK_ID_PREV SK_ID_CURR MONTHS_BALANCE CNT_INSTALMENT CNT_INSTALMENT_FUTURE NAME_CONTRACT_STATUS SK_DPD SK_DPD_DEF
701 100001 -14 12  0 Completed  0  0
701 100001 -15 12  1 Active     0  0
702 100002  -1 18  6 Active    31 31
702 100002  -2 18  7 Active     5  0
703 100003 -20 10  0 Completed  0  0
""",  # noqa: E501
    "installments_payments": """
SK_ID_PREV SK_ID_CURR NUM_INSTALMENT_VERSION NUM_INSTALMENT_NUMBER DAYS_INSTALMENT DAYS_ENTRY_PAYMENT AMT_INSTALMENT AMT_PAYMENT
701 100001 1 1 -770 -775  9000  9000
701 100001 1 2 -740 -742  9000  9000
702 100002 1 1 -470 -440 12000 12000
702 100002 1 2 -440 -445 12000  7000
702 100002 1 2 -440 -400 12000  5000
702 100002 1 3 -410    . 12000     .
703 100003 1 1 -870 -871  6000  6000
703 100003 1 2 -840 -840  6000  4500
""",  # noqa: E501
    "credit_card_balance": """
SK_ID_PREV SK_ID_CURR MONTHS_BALANCE AMT_BALANCE AMT_CREDIT_LIMIT_ACTUAL AMT_DRAWINGS_CURRENT AMT_PAYMENT_CURRENT SK_DPD SK_DPD_DEF
702 100002 -1 95000 100000 15000  2000 10 10
702 100002 -2 82000 100000 20000  4000  0  0
705 100005 -1 10000 180000  5000  9000  0  0
""",  # noqa: E501
}

UNSAID = {"integer": "1", "number": "100", "flag": "0", "target": "", "id": ""}
"""What a column holds where the tables above do not name it; a category takes its first one."""


def world() -> dict[str, pl.DataFrame]:
    """Return the raw tables by file stem, complete with every declared column."""
    clients = _rows(APPLICATIONS)
    labelled = pl.col("TARGET").is_not_null()
    raw = {
        "application_train": _complete("applications", clients.filter(labelled)),
        "application_test": _complete("applications", clients.filter(~labelled)).drop("TARGET"),
    }
    tables = {stem: name for name, stems in FILES.items() for stem in stems}
    return raw | {stem: _complete(tables[stem], _rows(text)) for stem, text in HISTORY.items()}


def write_archive(raw: Mapping[str, pl.DataFrame], target: Path, ending: str = "csv") -> Path:
    """Write the tables as ``csv``, ``csv.gz`` or ``parquet`` and return ``target``.

    A target named ``*.zip`` becomes a zip file, any other a folder.
    """
    contents = {f"{stem}.{ending}": encode(frame, ending) for stem, frame in raw.items()}
    return write_files(contents, target)


def write_files(contents: Mapping[str, bytes], target: Path) -> Path:
    """Write named contents into a zip file or a folder, as ``write_archive`` does."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        return target
    target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    return target


def encode(frame: pl.DataFrame, ending: str = "csv") -> bytes:
    """Return the bytes of one table's file."""
    buffer = io.BytesIO()
    if ending == "parquet":
        numbers = [c for c in frame.columns if _is_number(frame[c])]
        frame.with_columns(pl.col(numbers).cast(pl.Float64)).write_parquet(buffer)
        return buffer.getvalue()
    frame.write_csv(buffer)
    return gzip.compress(buffer.getvalue()) if ending == "csv.gz" else buffer.getvalue()


def _rows(text: str) -> pl.DataFrame:
    header, *lines = (line.split() for line in text.strip().splitlines())
    values = [[None if value == "." else value for value in line] for line in lines]
    return pl.DataFrame(values, schema=dict.fromkeys(header, pl.String), orient="row")


def _complete(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES[table].columns
    unsaid = [pl.lit(_unsaid(c)).alias(c.source) for c in columns if c.source not in rows.columns]
    return rows.with_columns(unsaid).select(column.source for column in columns)


def _unsaid(column: Column) -> str:
    if column.kind == "category":
        return column.categories[0]
    return "Y" if column.source.startswith("FLAG_OWN") else UNSAID[column.kind]


def _is_number(values: pl.Series) -> bool:
    return values.cast(pl.Float64, strict=False).null_count() == values.null_count()
