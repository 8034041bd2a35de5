#!/bin/sh
# What the tests need from the system, installed when missing: a browser and a PostgreSQL server.
set -eu

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

have_postgres() {
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
have_postgres || missing="$missing postgresql"
command -v ldconfig >/dev/null 2>&1 && { ldconfig -p | grep -q libgomp.so.1 || missing="$missing libgomp1"; }
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "No apt-get here: the browser comes from Playwright; tests of PostgreSQL say why they are skipped"
    .venv/bin/python -m playwright install chromium
fi
