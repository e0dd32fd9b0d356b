"""The product's settings, quiet, and without the manifest of static files that a start collects."""

from disclosure.settings import *  # noqa: F403
from disclosure.settings import LOGGING, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]
LOGGING["loggers"]["django"]["level"] = "ERROR"  # type: ignore[index]
