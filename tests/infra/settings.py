"""The settings under test: those of the product, with places of their own and nothing slow.

`DATABASE_URL` alone is taken from the environment: the second run of the suite names a PostgreSQL
server with it. Everything else an operator could set is cleared first.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="disclosure-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in ("REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY", "ALLOWED_HOSTS", "BIND", "PORT"):
    os.environ.pop(name, None)
os.environ.pop("PDF_FONT_DIR", None)
for name in ("EMAIL_URL", "EMAIL_FROM", "REMINDER_HOUR"):
    os.environ.pop(name, None)
os.environ |= {"VAR_DIR": str(HOME), "DEBUG": "0", "HTTPS": "0"}

from disclosure.settings import *  # noqa: E402, F403
from disclosure.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # the real one is slow on purpose
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that the worker process and the live server's threads see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON"
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # or the test database could not be dropped at the end
