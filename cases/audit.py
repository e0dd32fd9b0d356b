"""Writing and verifying the audit chain."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from cases import vendor
from cases.models import AuditEntry, User
from cases.personal import kept

logger = logging.getLogger(__name__)

# Set by the request middleware; empty for commands and jobs.
remote_address: ContextVar[str] = ContextVar("remote_address", default="")


@transaction.atomic
def record(
    *,
    by: User | None,
    act: str,
    target: models.Model | None = None,
    name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one act to the chain, in the transaction of the act itself.

    The head is locked for the rest of the transaction, so that two acts never follow the same
    entry; its code is also logged, so that a chain cut off at the end shows too. Of texts it holds
    no numbers or addresses (`cases.personal`).
    """
    vendor.lock_audit_chain()
    head = AuditEntry.objects.order_by("-id").values_list("mac", flat=True).first() or ""
    entry = AuditEntry(
        at=timezone.now(),
        actor=by,
        act=act,
        target=target._meta.model_name or "" if target else "",
        target_id=str(target.pk) if target else "",
        target_name=kept(name or (str(target) if target else ""))[:200],
        before=_plain(kept(before)),
        after=_plain(kept(after)),
        address=remote_address.get(),
        previous_mac=head,
    )
    entry.mac = _mac(entry)
    entry.save(force_insert=True)
    logger.info("audit head %s %s", entry.pk, entry.mac)
    return entry


def first_broken(entries: Iterable[AuditEntry] | None = None) -> AuditEntry | None:
    """The first entry whose code, or tie to the one before it, does not fit; None if all do."""
    previous = ""
    for entry in entries or AuditEntry.objects.order_by("id").iterator():
        if entry.previous_mac != previous or not hmac.compare_digest(entry.mac, _mac(entry)):
            return entry
        previous = entry.mac
    return None


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """As JSON will give it back, so that the code computed now fits later."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder))
    return plain


def _mac(entry: AuditEntry) -> str:
    covered = [
        entry.previous_mac,
        entry.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.act,
        entry.target,
        entry.target_id,
        entry.target_name,
        entry.before,
        entry.after,
        entry.address,
    ]
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True)
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
