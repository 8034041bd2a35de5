"""Accepted rectifications; requests and portfolio scores found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rectifications",
        sa.Column("record_id", sa.String(40), primary_key=True),
        sa.Column("client_id", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("rectifications_by_source", "rectifications", ["source"])
    is_request = sa.text("kind = 'request'")
    op.create_index(
        "records_requests",
        "records",
        ["sequence"],
        sqlite_where=is_request,
        postgresql_where=is_request,
    )
    for column in ("verdict", "risk_band"):
        op.create_index(
            f"portfolio_scores_by_{column}", "portfolio_scores", ["run_id", column, "client_id"]
        )


def downgrade() -> None:
    for column in ("verdict", "risk_band"):
        op.drop_index(f"portfolio_scores_by_{column}", "portfolio_scores")
    op.drop_index("records_requests", "records")
    op.drop_table("rectifications")
