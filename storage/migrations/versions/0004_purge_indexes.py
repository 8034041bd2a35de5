"""Indexes of the purge: what still has content, by kind and time; what hangs on what goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HANGING = (
    ("answers_by_record", "answers", "record_id"),
    ("portfolio_scores_by_client", "portfolio_scores", "client_id"),
    ("rectifications_by_client", "rectifications", "client_id"),
)


def upgrade() -> None:
    has_content = sa.text("content IS NOT NULL")
    op.create_index(
        "records_with_content",
        "records",
        ["kind", "at"],
        sqlite_where=has_content,
        postgresql_where=has_content,
    )
    for name, table, column in HANGING:
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, table, _column in HANGING:
        op.drop_index(name, table)
    op.drop_index("records_with_content", "records")
