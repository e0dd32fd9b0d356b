"""The whole suite: everything on SQLite, then what depends on the database on PostgreSQL.

    python -m tests.infra.run [sqlite|postgres] [arguments of pytest]

PostgreSQL is a server of the tests' own unless `DATABASE_URL` names another.
"""

import os
import subprocess
import sys
from contextlib import nullcontext

from tests.infra.postgres import postgres_server

PARALLEL = ("-n", "2", "--dist", "worksteal")
NO_TESTS = 5  # pytest's exit code when what it was asked for holds no test for this database


def main(arguments: list[str]) -> int:
    runs = {"sqlite": on_sqlite, "postgres": on_postgres}
    if arguments and arguments[0] in runs:
        return runs[arguments[0]](arguments[1:])
    codes = [run(arguments) for run in runs.values()]
    if arguments and all(code in {0, NO_TESTS} for code in codes) and 0 in codes:
        return 0
    return max(codes)


def on_sqlite(arguments: list[str]) -> int:
    return pytest("SQLite", arguments, database="")


def on_postgres(arguments: list[str]) -> int:
    named = os.environ.get("DATABASE_URL", "")
    with nullcontext(named) if named.startswith("postgres") else postgres_server() as url:
        return pytest("PostgreSQL", arguments, database=url)


def pytest(title: str, arguments: list[str], *, database: str) -> int:
    print(f"\n=== {title} ===", flush=True)
    command = [sys.executable, "-m", "pytest", *PARALLEL, *arguments]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": database}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
