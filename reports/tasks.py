"""Jobs of the reports: thin tasks over functions that compute."""

from celery import shared_task

from cases import jobs
from reports import briefing, workflow


@shared_task
def compute_table(job_id: int) -> None:
    jobs.run_job(job_id, workflow.compute)


@shared_task
def make_workbook(job_id: int) -> None:
    jobs.run_job(job_id, workflow.make_workbook)


@shared_task
def make_briefing_xlsx(job_id: int) -> None:
    jobs.run_job(job_id, briefing.make_xlsx)


@shared_task
def make_briefing_pdf(job_id: int) -> None:
    jobs.run_job(job_id, briefing.make_pdf)
