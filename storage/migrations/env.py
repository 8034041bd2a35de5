"""Alembic's entry: runs the revisions on the connection that ``storage.migrate`` gives."""

from __future__ import annotations

from alembic import context

from storage.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":  # an index of a large table takes its time
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    context.run_migrations()
connection.commit()
