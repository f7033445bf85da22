#!/bin/sh
# Runs the whole suite with everything it needs: sh tests/prepare.sh PYTHON
#
# Chromium and PostgreSQL are installed where that is allowed (root on Debian); otherwise one sentence says how.
# PostgreSQL is a throw-away cluster in a temporary folder, on loopback, with a password of its own; it is stopped at
# the end, and no other cluster is touched.
set -u
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}

can_install() { [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }
install_package() {
    can_install || return 1
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; } >/dev/null 2>&1
}
# the newest PostgreSQL of this machine, or nothing
postgres_folder() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn); do
        [ -x "$folder/initdb" ] && { echo "$folder"; return; }
    done
    command -v initdb >/dev/null && dirname "$(command -v initdb)"
}
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || install_package chromium \
    || echo "Chromium is missing: install it (on Debian: apt-get install chromium) to run the browser tests."

bin=$(postgres_folder)
[ -n "$bin" ] || { install_package postgresql && bin=$(postgres_folder); }

place=""
stop() {
    [ -n "$place" ] || return 0
    [ -e "$place/data/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$place/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT TERM

start() {
    place=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-postgres-XXXXXX") || return 1
    [ "$(id -u)" != 0 ] || chown postgres "$place"
    password=$("$python" -c "import secrets; print(secrets.token_hex(16))")
    port=$("$python" -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    (umask 077; echo "$password" >"$place/password"; [ "$(id -u)" != 0 ] || chown postgres "$place/password")
    (cd "$place" && as_postgres "$bin/initdb" -D "$place/data" -U keeper -A scram-sha-256 --pwfile="$place/password" -E UTF8 --locale=C) \
        >"$place/log" 2>&1 || return 1
    (cd "$place" && as_postgres "$bin/pg_ctl" -D "$place/data" -l "$place/server.log" -w \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$place/data" start) >>"$place/log" 2>&1 || return 1
    # the application's role is no superuser and passes no row rule
    PGPASSWORD=$password "$bin/psql" -q -h 127.0.0.1 -p "$port" -U keeper -d postgres \
        -c "CREATE ROLE holdfast LOGIN CREATEDB NOBYPASSRLS PASSWORD '$password'" || return 1
    HOLDFAST_TEST_POSTGRES="postgresql://holdfast:$password@127.0.0.1:$port/postgres"
    export HOLDFAST_TEST_POSTGRES
}

failed=0
# the files of the browser's tests, one after the other, each taken by whichever half is free first
browser() {
    broken=0
    for file in tests/e2e/test_*.py; do
        mkdir "$place/$(basename "$file")" 2>/dev/null || continue
        env -u HOLDFAST_TEST_POSTGRES "$python" -m pytest -q -p no:cacheprovider --no-cov "$file" || broken=1
    done
    return $broken
}
# two halves run side by side: the practice's tests on PostgreSQL, and everything else; what is left when one of them is
# through is the browser's. The first half's output comes first, so that all of it ends with pytest's own closing line
if [ -n "$bin" ] && start; then
    {
        beside=0
        "$python" -m pytest -q -p no:cacheprovider --no-cov tests/practice || beside=1
        browser || beside=1
        exit $beside
    } >"$place/tests" 2>&1 &
    beside=$!
    env -u HOLDFAST_TEST_POSTGRES "$python" -m pytest --ignore=tests/e2e >"$place/all" 2>&1 || failed=1
    browser >"$place/more" 2>&1 || failed=1
    wait "$beside" || failed=1
    cat "$place/tests" "$place/more" "$place/all"
else
    echo "PostgreSQL is missing or did not start: install it (on Debian: apt-get install postgresql) to run the practice's tests on it too."
    "$python" -m pytest || failed=1
fi
exit $failed
