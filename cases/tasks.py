"""Work that beat asks for."""

from celery import shared_task

from cases import jobs


@shared_task
def sweep_jobs() -> None:
    """Every half minute: no run is lost with its message or its worker."""
    jobs.sweep()
