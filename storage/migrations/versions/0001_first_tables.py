"""Clients, snapshots, chained records, answers kept for repeats, people, keys and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ZERO = "0" * 64
TIME = sa.String(27)
HASH = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "history_layouts",
        sa.Column("hash", HASH, primary_key=True),
        sa.Column("names", sa.Text, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("hash", HASH, primary_key=True),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("layout", HASH),
        sa.Column("history", sa.LargeBinary),
    )
    op.create_table(
        "clients",
        sa.Column("client_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("snapshot", HASH, nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
    )
    _records()
    _people()
    _append_only()


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("client_id", sa.BigInteger),
        sa.Column("about", sa.String(40)),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("snapshot", HASH),
        sa.Column("content", sa.Text),
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("hash", HASH, nullable=False),
    )
    op.create_index("records_by_client", "records", ["client_id", "sequence"])
    with_subject = sa.text("about IS NOT NULL")
    op.create_index(
        "records_by_subject",
        "records",
        ["about"],
        sqlite_where=with_subject,
        postgresql_where=with_subject,
    )
    head = op.create_table(
        "records_head",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", HASH, nullable=False),
    )
    op.bulk_insert(head, [{"one": 1, "sequence": 0, "hash": ZERO}])
    op.create_table(
        "answers",
        sa.Column("key", HASH, primary_key=True),
        sa.Column("request", HASH, nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", TIME, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", TIME),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("hash", HASH, nullable=False, unique=True),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", HASH, primary_key=True),
        sa.Column("user_name", sa.String(80), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
    )


def _append_only() -> None:
    """Refuse deletes, and updates other than emptying ``content`` (a purge)."""
    if op.get_bind().dialect.name == "sqlite":
        kept = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
        op.execute(
            "CREATE TRIGGER records_no_update BEFORE UPDATE ON records"
            f" WHEN NEW.content IS NOT NULL OR {kept}"
            " BEGIN SELECT RAISE(ABORT, 'records are append-only'); END"
        )
        op.execute(
            "CREATE TRIGGER records_no_delete BEFORE DELETE ON records"
            " BEGIN SELECT RAISE(ABORT, 'records are append-only'); END"
        )
        return
    kept = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
    op.execute(
        "CREATE FUNCTION records_append_only() RETURNS trigger AS $$ BEGIN"
        " IF TG_OP = 'UPDATE' THEN"
        f"  IF NEW.content IS NULL AND NOT ({kept}) THEN RETURN NEW; END IF;"
        " END IF;"
        " RAISE EXCEPTION 'records are append-only'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER records_no_update BEFORE UPDATE ON records"
        " FOR EACH ROW EXECUTE FUNCTION records_append_only()"
    )
    op.execute(
        "CREATE TRIGGER records_no_delete BEFORE DELETE OR TRUNCATE ON records"
        " FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"
    )


_KEPT = (
    "sequence", "id", "kind", "at", "client_id", "about", "actor", "role", "snapshot",
    "content_hash", "hash",
)  # fmt: skip


def downgrade() -> None:
    for table in (
        "sessions", "api_keys", "users", "answers", "records_head", "records", "clients",
        "snapshots", "history_layouts",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION records_append_only()")
