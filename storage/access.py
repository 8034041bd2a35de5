"""Keys and people, from the command line.

    python -m storage.access create-key --role api --label "scoring batch"
    python -m storage.access create-user marie --role advisor
    python -m storage.access list
    python -m storage.access revoke key_0123456789ab
    python -m storage.access disable-user marie

A key and a password made here are shown once and kept hashed. Roles: advisor, api, risk,
auditor, admin. Each change is a record of the chain, with the name of the account that ran the
command.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import closing

from sqlalchemy import Engine

from storage import keys, people
from storage.access_records import operator
from storage.engine import reading, writing
from storage.errors import StorageError
from storage.roles import STAFF, Role
from storage.settings import StorageSettings
from storage.store import Store


def _create_key(engine: Engine, options: argparse.Namespace) -> str:
    with writing(engine) as connection:
        key_id, token = keys.create_key(connection, Role(options.role), options.label, operator())
    return f"{key_id} ({options.role}), shown once:\n{token}"


def _create_user(engine: Engine, options: argparse.Namespace) -> str:
    given = sys.stdin.readline().rstrip("\n") if options.password_stdin else None
    password = given if given is not None else secrets.token_urlsafe(12)
    with writing(engine) as connection:
        people.create_user(connection, options.name, Role(options.role), password, operator())
    shown = "as given" if given is not None else f"shown once:\n{password}"
    return f"{options.name} ({options.role}), password {shown}"


def _list(engine: Engine, _options: argparse.Namespace) -> str:
    with reading(engine) as connection:
        lines = [
            f"{key.id}  {key.role:8}  {key.created_at}  "
            f"{'revoked ' + key.revoked_at if key.revoked_at else 'in force'}  {key.label}"
            for key in keys.list_keys(connection)
        ]
        lines += [
            f"user {user.name}  {user.role:8}  {user.created_at}  "
            f"{'disabled ' + user.disabled_at if user.disabled_at else 'in force'}"
            for user in people.list_users(connection)
        ]
    return "\n".join(lines) or "No key and no user yet."


def _revoke(engine: Engine, options: argparse.Namespace) -> str:
    with writing(engine) as connection:
        keys.revoke_key(connection, options.id, operator())
    return f"{options.id} is revoked."


def _disable_user(engine: Engine, options: argparse.Namespace) -> str:
    with writing(engine) as connection:
        people.disable_user(connection, options.name, operator())
    return f"{options.name} may no longer log in."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m storage.access",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    roles = [role.value for role in Role if role in STAFF]

    def command(
        name: str, action: Callable[[Engine, argparse.Namespace], str]
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name)
        made.set_defaults(action=action)
        return made

    create_key = command("create-key", _create_key)
    create_key.add_argument("--role", required=True, choices=roles)
    create_key.add_argument("--label", default="")
    create_user = command("create-user", _create_user)
    create_user.add_argument("name")
    create_user.add_argument("--role", required=True, choices=roles)
    create_user.add_argument(
        "--password-stdin", action="store_true", help="read it, do not make it"
    )
    command("list", _list)
    command("revoke", _revoke).add_argument("id")
    command("disable-user", _disable_user).add_argument("name")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 and a sentence when it cannot be done."""
    options = _parser().parse_args(arguments)
    settings = StorageSettings.from_environment(os.environ)
    try:
        with closing(Store.open(settings)) as store:
            said = options.action(store.engine, options)
            if options.action is not _list:
                store.anchor_tail()
    except (StorageError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
