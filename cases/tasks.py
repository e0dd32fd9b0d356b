"""Work that beat or a page asks for."""

from celery import shared_task
from django.utils import timezone

from cases import export_jobs, jobs


@shared_task
def sweep_jobs() -> None:
    """Every half minute: no run is lost with its message or its worker, no export is kept long."""
    jobs.sweep()
    export_jobs.delete_old_files(timezone.now())


@shared_task
def export_cases(job_id: int) -> None:
    today = timezone.localdate()
    jobs.run_job(job_id, lambda job, progress: export_jobs.export(job, progress, on=today))
