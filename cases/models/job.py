"""A piece of work that Celery does: who asked for what, how far it is, how it ended."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q

from cases.choices import JobState
from cases.models.department import Department
from cases.models.user import User

ACTIVE = (JobState.QUEUED, JobState.RUNNING)


def private_files() -> FileSystemStorage:
    """Files of jobs: under `FILES_DIR`, served only by views that ask who is asking."""
    return FileSystemStorage(location=settings.FILES_DIR)


class Job(models.Model):
    """Written by `cases.jobs` alone. `key` names what is asked for: asked twice, it is one job."""

    task = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    title = models.CharField("任务", max_length=200)
    params = models.JSONField(default=dict)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发起人"
    )
    state = models.CharField("状态", max_length=20, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    message = models.CharField("进展", max_length=200, blank=True)
    error = models.TextField("错误", blank=True)
    result = models.JSONField(default=dict, blank=True)
    file = models.FileField(storage=private_files, upload_to="jobs/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "任务"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("key",),
                condition=Q(state__in=ACTIVE),
                name="job_once_while_active",
                violation_error_message="同样的任务正在进行。",
            ),
        )
        indexes = (
            models.Index(fields=("state", "queued_at"), name="job_by_state"),
            models.Index(fields=("key", "-id"), name="job_latest_of_key"),
        )

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE
