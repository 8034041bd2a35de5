"""Scores of a whole portfolio, by run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portfolio_runs",
        sa.Column("run_id", sa.String(40), primary_key=True),
        sa.Column("scored_at", sa.String(27), nullable=False),
        sa.Column("model_tag", sa.String(120), nullable=False),
        sa.Column("clients", sa.Integer, nullable=False),
    )
    op.create_table(
        "portfolio_scores",
        sa.Column("run_id", sa.String(40), primary_key=True),
        sa.Column("client_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("default_probability", sa.Double, nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("risk_band", sa.String(2), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("portfolio_scores")
    op.drop_table("portfolio_runs")
