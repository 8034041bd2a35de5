"""What stands beside the records: never changed in place, and chained from now on.

A database that holds anything gets one record, ``beginning``, of what stood there unchained:
everything later is compared with it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from storage import sums

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEVER_CHANGED = (
    "history_layouts", "snapshots", "answers", "rectifications", "portfolio_runs",
    "portfolio_scores",
)  # fmt: skip


def upgrade() -> None:
    _never_changed()
    content = _beginning()
    if any(content.values()) or _rows("SELECT 1 FROM records LIMIT 1"):
        _record(content)


def _never_changed() -> None:
    """Refuse updates; what is past its time is deleted, by the purge."""
    if op.get_bind().dialect.name == "sqlite":
        for table in NEVER_CHANGED:
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION never_changed() RETURNS trigger AS $$ BEGIN"
        " RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is never changed'; END $$"
        " LANGUAGE plpgsql"
    )
    for table in NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION never_changed()"
        )


def _rows(statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in op.get_bind().execute(sa.text(statement))]


def _streamed(statement: str) -> Iterable[tuple[Any, ...]]:
    """Yield rows a thousand at a time: scores of a portfolio do not fit the memory."""
    streamed = {"yield_per": 1_000}
    for row in op.get_bind().execute(sa.text(statement), execution_options=streamed):
        yield tuple(row)


def _beginning() -> dict[str, Any]:
    keys = _rows("SELECT id, hash, label, role, created_at, revoked_at FROM api_keys")
    users = _rows("SELECT name, role, password, created_at, disabled_at FROM users")
    corrections = _rows("SELECT record_id, client_id, source, item, value FROM rectifications")
    clients = sums.of(_streamed("SELECT client_id, snapshot, source, received_at FROM clients"))
    return {
        "keys": {key_id: values for key_id, *values in keys},
        "users": {
            name: (role, hashlib.sha256(password.encode()).hexdigest(), *times)
            for name, role, password, *times in users
        },
        "rectifications": {
            record_id: hashlib.sha256(orjson.dumps(values)).hexdigest()
            for record_id, *values in corrections
        },
        "clients": sums.written(clients) if clients else "",
        "runs": _runs(),
    }


def _runs() -> dict[str, str]:
    finished = {run_id for (run_id,) in _rows("SELECT run_id FROM portfolio_runs")}
    totals: dict[str, int] = defaultdict(int)
    for row in _streamed(
        "SELECT run_id, client_id, default_probability, verdict, points, risk_band"
        " FROM portfolio_scores"
    ):
        totals[row[0]] = sums.plus(totals[row[0]], sums.of([row]))
    return {run_id: sums.written(totals[run_id]) for run_id in sorted(finished)}


def _record(content: dict[str, Any]) -> None:
    ((last, previous),) = _rows("SELECT sequence, hash FROM records_head")
    said = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    at = datetime.now(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    record_id = f"beg_{secrets.token_hex(12)}"
    head = (last + 1, record_id, "beginning", at, None, None, "storage.migrate", "system", None)
    content_hash = hashlib.sha256(said).hexdigest()
    link = hashlib.sha256(orjson.dumps((previous, *head, content_hash))).hexdigest()
    row = dict(zip(_COLUMNS, (*head, said.decode(), content_hash, link), strict=True))
    values = ", ".join(f":{name}" for name in _COLUMNS)
    connection = op.get_bind()
    connection.execute(
        sa.text(f"INSERT INTO records ({', '.join(_COLUMNS)}) VALUES ({values})"), row
    )
    connection.execute(
        sa.text("UPDATE records_head SET sequence = :to, hash = :by"), {"to": last + 1, "by": link}
    )


_COLUMNS = (
    "sequence", "id", "kind", "at", "client_id", "about", "actor", "role", "snapshot", "content",
    "content_hash", "hash",
)  # fmt: skip


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in NEVER_CHANGED:
            op.execute(f"DROP TRIGGER {table}_no_update")
        return
    for table in NEVER_CHANGED:
        op.execute(f"DROP TRIGGER {table}_no_update ON {table}")
    op.execute("DROP FUNCTION never_changed()")
