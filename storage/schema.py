"""The tables, as SQLAlchemy sees them. The database itself is made by ``migrations`` alone.

Times are ISO 8601 UTC text (``times``): they are hashed, and must read the same on every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()

LAYOUTS = Table(
    "history_layouts",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("names", Text, nullable=False),
)
"""Names of the history features, in the order a history blob holds them."""

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("application", Text, nullable=False),
    Column("layout", String(64)),
    Column("history", LargeBinary),
)
"""What was known about somebody at one moment. Content-addressed, never changed."""

CLIENTS = Table(
    "clients",
    METADATA,
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("snapshot", String(64), nullable=False),
    Column("source", String(80), nullable=False),
    Column("received_at", String(27), nullable=False),
)
"""Each client's present snapshot and the fingerprint of the data it came from."""

RECORDS = Table(
    "records",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("at", String(27), nullable=False),
    Column("client_id", BigInteger),
    Column("about", String(40)),
    Column("actor", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("snapshot", String(64)),
    Column("content", Text),
    Column("content_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Assessments, decisions, requests, purges and the like: append-only, each chained to the last."""

HEAD = Table(
    "records_head",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The last link of the chain; its row is the lock that keeps writers in line."""

ANSWERS = Table(
    "answers",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("record_id", String(40), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String(27), nullable=False),
)
"""First answers, by Idempotency-Key and caller (hashed)."""

USERS = Table(
    "users",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("disabled_at", String(27)),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String(27)),
)
"""People who log in; the password as argon2."""

KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("label", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("revoked_at", String(27)),
)
"""Keys of programs; SHA-256 of 256 random bits, so no salt is needed."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user_name", String(80), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("ended_at", String(27)),
)
"""Logins of people; the token is hashed as keys are."""

RECTIFICATIONS = Table(
    "rectifications",
    METADATA,
    Column("record_id", String(40), primary_key=True),
    Column("client_id", BigInteger, nullable=False),
    Column("source", String(80), nullable=False),
    Column("item", String(80), nullable=False),
    Column("value", Text, nullable=False),
)
"""Items corrected at the client's request, as JSON, by the data they correct."""

PORTFOLIO_RUNS = Table(
    "portfolio_runs",
    METADATA,
    Column("run_id", String(40), primary_key=True),
    Column("scored_at", String(27), nullable=False),
    Column("model_tag", String(120), nullable=False),
    Column("clients", Integer, nullable=False),
)
"""Finished scorings of a whole portfolio."""

PORTFOLIO_SCORES = Table(
    "portfolio_scores",
    METADATA,
    Column("run_id", String(40), primary_key=True),
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("default_probability", Double, nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("points", Integer, nullable=False),
    Column("risk_band", String(2), nullable=False),
)
"""What a portfolio run said of each client."""
