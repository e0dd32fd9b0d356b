"""Django's settings. What differs from one installation to the next comes from the environment,
through `disclosure.env`; docs/operations.md lists it. Tests start from here as well.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF

from disclosure import broker, env, mail

BASE_DIR = Path(__file__).resolve().parent.parent

# --- From the environment ------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")  # pages are reached over https, through a reverse proxy on this machine
PORT = env.port("PORT", 8000)
BIND = env.text("BIND", "127.0.0.1")
DEMO = env.flag("DEMO", default=True)  # the run command fills an empty system with the demo
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
SECRET_KEY = env.secret("SECRET_KEY", VAR_DIR / "keys" / "secret_key")
FIELD_KEYS = env.fernet_keys("FIELD_KEYS", VAR_DIR / "keys" / "field_keys")
AUDIT_KEY = env.secret("AUDIT_KEY", VAR_DIR / "keys" / "audit_key")
DATABASE_URL = env.url(
    "DATABASE_URL",
    ("sqlite", "postgres", "postgresql"),
    example="postgres://用户:密码@主机:5432/库名 或 sqlite:////绝对路径/文件名",
)
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss"), example="redis://127.0.0.1:6379/0")
EMAIL_URL = env.url("EMAIL_URL", tuple(mail.PORTS), example="smtp+tls://用户:密码@主机:587")
REMINDER_HOUR = env.hour("REMINDER_HOUR", 8)  # of a working day, from which reminders are made

# --- Applications --------------------------------------------------------------------------------
# No django.contrib.admin: it would write past the workflow, the audit log and the department tree.
INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "axes",
    "csp",
    "cases",
    "reports",
]
MIDDLEWARE = [
    "disclosure.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "disclosure.urls"
WSGI_APPLICATION = "disclosure.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "disclosure.navigation.menu",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "tables/table.html"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True


# --- Database ------------------------------------------------------------------------------------
def database(url: str, var_dir: Path) -> dict[str, Any]:
    """SQLite under `var_dir` unless `url` names another database."""
    found: dict[str, Any] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": var_dir / "db.sqlite3",
    }
    if url:
        found = dict(dj_database_url.parse(url))
        if found["NAME"] in {"", ":memory:"}:
            raise env.BadSetting("环境变量 DATABASE_URL 缺少库名或文件名。")
    if found["ENGINE"] == "django.db.backends.sqlite3":
        # A web and a worker process share the file: readers beside one writer (WAL), a transaction
        # takes the write lock at its start and waits for it, a commit is on disk when it returns.
        found["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
            ),
        }
    else:
        found["CONN_MAX_AGE"] = 60
        found["CONN_HEALTH_CHECKS"] = True
    return found | {"ATOMIC_REQUESTS": False}


DATABASES = {"default": database(DATABASE_URL, VAR_DIR)}

# --- Mail ----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")
MAIL_SERVER = mail.server_at(EMAIL_URL, DEFAULT_FROM_EMAIL)
EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.tls, MAIL_SERVER.ssl
EMAIL_TIMEOUT = mail.TIMEOUT

# --- Files ---------------------------------------------------------------------------------------
FILES_DIR = VAR_DIR / "files"  # workbooks and uploads: no URL serves it, only views that check
FILE_UPLOAD_PERMISSIONS = 0o600
LEDGER_MAX_BYTES = env.count("LEDGER_MAX_BYTES", 50 * 1024 * 1024)  # of a file to be imported
LEDGER_MAX_ROWS = env.count("LEDGER_MAX_ROWS", 200_000)  # of one sheet; see cases/ledger/limits.py
LEDGER_KEEP_DAYS = env.count("LEDGER_KEEP_DAYS", 30)  # for an upload that nobody confirms
DOCUMENT_MAX_BYTES = env.count("DOCUMENT_MAX_BYTES", 50 * 1024 * 1024)  # of one file of a case
DOCUMENT_CASE_MAX_BYTES = env.count("DOCUMENT_CASE_MAX_BYTES", 500 * 1024 * 1024)  # of all of them
PDF_FONT_DIR = env.existing_folder("PDF_FONT_DIR")  # a Chinese font, where the system has none
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "disclosure.assets.NodeModulesFinder",
]
VENDOR_FILES = {
    "vendor/tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",
    "vendor/htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/echarts/echarts.min.js": "echarts/dist/echarts.min.js",
}
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Signing in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "cases:home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
# An account is locked, not an address: a whole office may come from one, and a change of address,
# browser or cookie gives an attacker no further try.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_VERBOSE = False

# --- What browsers are told ----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# An office intranet may have no https: a cookie marked secure would then never come back.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: they belong to other systems of the same office
    "axes.W006",  # lock-out by account, see above
    "security.W021",  # HSTS preload lists: for public sites, not for an intranet
]

# --- Jobs ----------------------------------------------------------------------------------------
BROKER = broker.choose(VAR_DIR, REDIS_URL)
CELERY_BROKER_URL = BROKER.url
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER.options
CELERY_BROKER_CONNECTION_TIMEOUT = broker.CONNECT_TIMEOUT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True  # how a job ended stands in its row, nowhere else
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False  # a page must not wait; the sweep queues again
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60  # seconds; the task ends FAILED with a sentence
CELERY_TASK_TIME_LIMIT = 30 * 60  # seconds; its process is killed
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "cases.tasks.sweep_jobs", "schedule": timedelta(seconds=30)},
    # Every hour, so that a morning without power is caught up at noon.
    "remind": {
        "task": "cases.tasks.remind",
        "schedule": crontab(minute="0", hour=f"{REMINDER_HOUR}-23"),
    },
}

# --- Log -----------------------------------------------------------------------------------------
# To the console, and without personal data: see disclosure/logs.py.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "disclosure.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
