"""Two addresses for monitoring: is the process alive, and can it serve."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases import vendor
from disclosure import redis_server


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is in place; else 503, and what is wrong stands beside its name."""
    found = {name: problem() for name, problem in PROBLEMS.items()}
    return JsonResponse(
        {name: problem or "ok" for name, problem in found.items()},
        status=503 if any(found.values()) else 200,
        json_dumps_params={"ensure_ascii": False},
    )


def database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "数据库无法连接"
    return ""


def migration_problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "无法检查"
    return f"有 {len(pending)} 个迁移尚未执行" if pending else ""


def trigger_problem() -> str:
    """Without them the database would let events and the audit log be changed."""
    try:
        missing = vendor.missing_triggers(connection)
    except DatabaseError:
        return "无法检查"
    return f"缺少触发器：{'、'.join(missing)}" if missing else ""


def broker_problem() -> str:
    url = settings.BROKER.url
    if url.startswith("redis") and not redis_server.answers(url):
        return "Redis 没有应答"
    return "Redis 没有运行" if url.startswith("memory") else ""


PROBLEMS: dict[str, Callable[[], str]] = {
    "database": database_problem,
    "migrations": migration_problem,
    "triggers": trigger_problem,
    "broker": broker_problem,
}
