"""The wiring: settings, Celery, urls, the embedded Redis, the run command. Nothing imports it."""

from disclosure.celery import app as celery_app

__all__ = ["celery_app"]
